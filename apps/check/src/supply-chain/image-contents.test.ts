import { expect, it } from '@jest/globals'
import { z } from 'zod'
import { filesUnder, textOf, workspaces } from '../repository-files.ts'

const Manifest = z.object({
  name: z.string(),
  dependencies: z.record(z.string(), z.string()).default({}),
})
const manifests = workspaces.map((folder) => ({
  folder,
  ...Manifest.parse(JSON.parse(textOf(`${folder}/package.json`))),
}))

/** Folders of a workspace and of all workspaces that it depends on, one through another. */
const neededBy = (folder: string, known: ReadonlySet<string> = new Set()): ReadonlySet<string> => {
  if (known.has(folder)) return known
  const own = manifests.find((each) => each.folder === folder)
  return manifests
    .filter(({ name }) => own?.dependencies[name] !== undefined)
    .reduce<ReadonlySet<string>>(
      (found, each) => neededBy(each.folder, found),
      new Set([...known, folder]),
    )
}

/** Folders that a stage of the Dockerfile copies from the built sources. */
const copiedBy = (stage: RegExp, service: string): readonly string[] => {
  const text = textOf('Dockerfile')
    .split(/^FROM /m)
    .find((each) => stage.test(each))
  return [...(text ?? '').matchAll(/^COPY --from=build \/app\/(\S+)/gm)].map(([, folder = '']) =>
    folder.replace('${SERVICE}', service),
  )
}

it.each([
  ['services/ledger', /^\$\{NODE_IMAGE\}\n/],
  ['services/api-gateway', /^\$\{NODE_IMAGE\}\n/],
  ['services/carrier-adapter', /^\$\{NODE_IMAGE\}\n/],
  ['apps/stack', /^\$\{NODE_IMAGE\}\n/],
  ['apps/ops', /AS operations\n/],
] as const)('the image of %s holds every workspace that it imports', (service, stage) => {
  const copied = copiedBy(stage, service)
  const missing = [...neededBy(service)].filter(
    (folder) => !copied.some((each) => folder === each || folder.startsWith(`${each}/`)),
  )
  expect(missing).toEqual([])
})

it('the image of the operator’s commands holds the programs that they start, with what those import', () => {
  const sources = filesUnder('apps/ops/src').filter((file) => !file.endsWith('.test.ts'))
  const started = sources.flatMap((file) =>
    [...textOf(file).matchAll(/['"`](\w+\/[\w-]+)\/dist\/[\w/-]+\.js['"`]/g)].map(
      ([, folder = '']) => folder,
    ),
  )
  expect(started).toContain('services/ledger')
  const installed = neededBy('apps/ops')
  expect(started.filter((folder) => !installed.has(folder))).toEqual([])
})
