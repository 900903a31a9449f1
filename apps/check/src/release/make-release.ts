import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { newestRelease, releasedChangelog, unreleasedNotes } from './changelog.ts'
import { buildArguments, imageLabels, linesOf } from './labels.ts'
import {
  apiDocumentAt,
  chartAt,
  lockfileAt,
  manifestAt,
  nextVersion,
  type Bump,
} from './version.ts'

export type ReleaseRequest = {
  readonly repository: string
  readonly bump: Bump
  readonly isDryRun: boolean
  /** A folder for notes, labels and the bill of materials; null writes none of them. */
  readonly out: string | null
  readonly now: Date
}

export type Release = {
  readonly version: string
  readonly tag: string
  readonly notes: string
  readonly labels: Readonly<Record<string, string>>
  /** Packages in the software bill of materials. */
  readonly components: number
}
type ReleaseResult =
  | { readonly kind: 'made'; readonly release: Release }
  | { readonly kind: 'refused'; readonly reasons: readonly string[] }

const releaseBranch = 'main'
const apiDocument = 'services/api-gateway/openapi.json'
const chart = 'ops/helm/recargas/Chart.yaml'

/** Makes the bill of materials of a repository's lockfile (CycloneDX, JSON). */
export type BillOfMaterials = (repository: string) => string

/** Prepares a release; without a dry run it also writes the commit and the tag, here only: nothing is pushed. */
export const makeRelease = (
  request: ReleaseRequest,
  billOfMaterials: BillOfMaterials,
): ReleaseResult => {
  const { repository, isDryRun, now } = request
  const changelog = read(repository, 'CHANGELOG.md')
  const notes = unreleasedNotes(changelog)
  const version = versionOf(request, changelog)
  const tag = `v${version}`
  const reasons = [
    ...(notes === '' ? ['CHANGELOG.md: nothing stands below "Unreleased"'] : []),
    ...(isDryRun ? [] : refusals(repository, tag)),
  ]
  if (reasons.length > 0) return { kind: 'refused', reasons }
  const written = isDryRun ? [] : writeVersion(request, version, changelog)
  const sbom = billOfMaterials(repository)
  if (!isDryRun) commitRelease(repository, version, written)
  const revision = git(repository, 'rev-parse', 'HEAD') ?? 'unknown'
  const build = { version, revision, created: now.toISOString() }
  const labels = imageLabels(build)
  if (request.out !== null) {
    mkdirSync(request.out, { recursive: true })
    const files = {
      'notes.md': `# ${version}\n\n${notes}\n`,
      'labels.env': linesOf(labels),
      'build-args.env': linesOf(buildArguments(build)),
      'sbom.cdx.json': sbom,
    }
    for (const [name, text] of Object.entries(files)) writeFileSync(join(request.out, name), text)
  }
  const { components } = JSON.parse(sbom) as { readonly components: readonly unknown[] }
  return {
    kind: 'made',
    release: { version, tag, notes, labels, components: components.length },
  }
}

/** The first release has the version that the packages have; each later one follows the newest in the changelog. */
const versionOf = ({ repository, bump }: ReleaseRequest, changelog: string): string => {
  const newest = newestRelease(changelog)
  const { version } = JSON.parse(read(repository, 'package.json')) as { readonly version: string }
  return newest === null ? version : nextVersion(newest, bump)
}

const refusals = (repository: string, tag: string): readonly string[] => {
  const branch = git(repository, 'rev-parse', '--abbrev-ref', 'HEAD')
  const changes = git(repository, 'status', '--porcelain')
  return [
    ...(branch === releaseBranch
      ? []
      : [`the branch is ${branch ?? 'unknown'}, not ${releaseBranch}`]),
    ...(changes === '' ? [] : ['the tree has changes that are not committed']),
    ...(git(repository, 'rev-parse', '--quiet', '--verify', `refs/tags/${tag}`) === null
      ? []
      : [`the tag ${tag} exists`]),
  ]
}

/** Writes the version into every file that names it. @returns these files */
const writeVersion = (
  { repository, now }: ReleaseRequest,
  version: string,
  changelog: string,
): readonly string[] => {
  const manifests = ['package.json', ...workspaceManifests(repository)]
  const day = now.toISOString().slice(0, 'YYYY-MM-DD'.length)
  const texts: readonly (readonly [string, string])[] = [
    ['CHANGELOG.md', releasedChangelog(changelog, version, day)],
    ...manifests.map((file) => [file, manifestAt(read(repository, file), version)] as const),
    ['package-lock.json', lockfileAt(read(repository, 'package-lock.json'), version)],
    [apiDocument, apiDocumentAt(read(repository, apiDocument), version)],
    [chart, chartAt(read(repository, chart), version)],
  ]
  for (const [file, text] of texts) writeFileSync(join(repository, file), text)
  return texts.map(([file]) => file)
}

const commitRelease = (repository: string, version: string, files: readonly string[]): void => {
  mustGit(repository, 'add', ...files)
  mustGit(repository, 'commit', '--quiet', '--message', `Release ${version}`)
  mustGit(repository, 'tag', '--annotate', `v${version}`, '--message', `Recargas ${version}`)
}

/** Manifests of all workspaces, by the folders that the root's manifest names. */
export const workspaceManifests = (repository: string): readonly string[] => {
  const { workspaces } = JSON.parse(read(repository, 'package.json')) as {
    readonly workspaces: readonly string[]
  }
  return workspaces.flatMap((pattern) => {
    const [folder = ''] = pattern.split('/*')
    if (folder === pattern) return [`${folder}/package.json`]
    return readdirSync(join(repository, folder))
      .sort()
      .map((name) => `${folder}/${name}/package.json`)
  })
}

const read = (repository: string, file: string): string =>
  readFileSync(join(repository, file), 'utf8')

/** @returns null where git refuses */
const git = (repository: string, ...args: readonly string[]): string | null => {
  try {
    return mustGit(repository, ...args)
  } catch {
    return null
  }
}

const mustGit = (repository: string, ...args: readonly string[]): string =>
  execFileSync('git', args, {
    cwd: repository,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  }).trim()
