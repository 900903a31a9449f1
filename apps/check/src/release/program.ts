import { execFileSync } from 'node:child_process'
import { Command, Option } from 'commander'
import { repository } from '@recargas/stack/service-process'
import { makeRelease, type Release } from './make-release.ts'
import { bumps, type Bump } from './version.ts'

type Options = { readonly dryRun?: true; readonly bump: Bump; readonly out?: string }

/** The command line of `npm run release`. */
export const releaseProgram = (): Command =>
  new Command('npm run release --')
    .description(
      'Makes a release: the section of the changelog from its lines under "Unreleased", one version in every package, lockfile and API document, a commit and a tag in this checkout, the labels of the images and a bill of materials (CycloneDX). Nothing is pushed.',
    )
    .option('--dry-run', 'prints the release and changes nothing in the checkout')
    .addOption(
      new Option('--bump <part>', 'the part of the version that rises')
        .choices(bumps)
        .default('minor'),
    )
    .option('--out <folder>', 'writes notes.md, labels.env, build-args.env and sbom.cdx.json there')
    .addHelpText(
      'after',
      `
Refused without --dry-run: a tree with changes, a branch other than main, a tag that exists. Steps: docs/releasing.md.

Examples:
  npm run release -- --dry-run
  npm run release -- --dry-run --bump patch
`,
    )
    .action(({ dryRun, bump, out }: Options) => {
      const isDryRun = dryRun === true
      const result = makeRelease(
        { repository, bump, isDryRun, out: out ?? null, now: new Date() },
        npmSbom,
      )
      if (result.kind === 'made') {
        console.log(reportOf(result.release, isDryRun))
        return
      }
      for (const reason of result.reasons) console.error(`refused: ${reason}`)
      process.exitCode = 1
    })

const sbomBytesMax = 64 * 1024 * 1024

const npmSbom = (folder: string): string =>
  execFileSync(
    'npm',
    ['sbom', '--sbom-format', 'cyclonedx', '--omit', 'dev', '--package-lock-only'],
    { cwd: folder, encoding: 'utf8', maxBuffer: sbomBytesMax },
  )

const reportOf = (
  { version, tag, notes, labels, components }: Release,
  isDryRun: boolean,
): string => {
  const lines = Object.entries(labels).map(([name, value]) => `  ${name}=${value}`)
  const end = isDryRun
    ? 'Dry run: nothing was changed.'
    : `The commit and the tag are in this checkout: git push --follow-tags`
  return [
    `## ${version}\n\n${notes}\n`,
    `Tag: ${tag}`,
    `Labels of each image:\n${lines.join('\n')}`,
    `Bill of materials: ${components} packages (CycloneDX)`,
    end,
  ].join('\n')
}
