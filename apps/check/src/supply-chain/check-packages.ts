import { z } from 'zod'
import { installScriptsNotNeeded, licenceRules, licencesRead } from './policy.ts'

const Versions = z.record(z.string(), z.string()).default({})
export const Manifest = z.object({
  dependencies: Versions,
  devDependencies: Versions,
  optionalDependencies: Versions,
  peerDependencies: Versions,
  overrides: Versions,
})
export type Manifest = z.infer<typeof Manifest>

const Entry = z.object({
  version: z.string().optional(),
  resolved: z.string().optional(),
  integrity: z.string().optional(),
  link: z.boolean().optional(),
  license: z.string().optional(),
  hasInstallScript: z.boolean().optional(),
})
type Entry = z.infer<typeof Entry>
export const Lockfile = z.object({
  lockfileVersion: z.literal(3),
  packages: z.record(z.string(), Entry),
})
export type Lockfile = z.infer<typeof Lockfile>

const exactVersion = /^\d+\.\d+\.\d+(-[\w.]+)?$/
const ownPackage = /^@recargas\//
const strongHash = /^sha512-[A-Za-z0-9+/]{86}==$/

/** @returns each dependency that the next install could take in another version */
export const looseVersions = (file: string, manifest: Manifest): readonly string[] =>
  Object.entries(manifest).flatMap(([section, versions]) =>
    Object.entries(versions)
      .filter(([, version]) => !exactVersion.test(version))
      .map(([name, version]) => `${file}: ${section} ${name} is ${version}, not an exact version`),
  )

/** @returns the faults of the lockfile's packages: their origin, licence and install scripts */
export const lockfileProblems = ({ packages }: Lockfile): readonly string[] => {
  const installed = Object.entries(packages).filter(([path]) => path.includes('node_modules/'))
  const found = new Set(
    installed.filter(([, entry]) => entry.hasInstallScript).map(([path]) => nameOf(path)),
  )
  const unused = Object.keys(installScriptsNotNeeded).filter((name) => !found.has(name))
  return [
    ...installed.flatMap(([path, entry]) =>
      (entry.link === true ? linkProblems : packageProblems)(nameOf(path), entry).map(
        (problem) => `${path}: ${problem}`,
      ),
    ),
    ...unused.map((name) => `${name}: has no install script any more: take it off the list`),
  ]
}

/** Only our own workspaces are links. */
const linkProblems = (name: string, { resolved }: Entry): readonly string[] =>
  ownPackage.test(name) && /^((packages|services|apps)\/[\w-]+|lab|web)$/.test(resolved ?? '')
    ? []
    : ['is a link to something else than a workspace']

const packageProblems = (name: string, entry: Entry): readonly string[] => [
  // Without an address it is the registry's, whichever mirror of it serves; git and files always name one.
  ...(entry.resolved === undefined ? [] : [`comes from ${entry.resolved}, not from the registry`]),
  ...(strongHash.test(entry.integrity ?? '') ? [] : ['has no SHA-512 integrity']),
  ...(ownPackage.test(name) ? ['takes the place of a workspace'] : []),
  ...(entry.hasInstallScript === true && installScriptsNotNeeded[name] === undefined
    ? ['has an install script that nobody has looked at']
    : []),
  ...licenceProblems(name, entry.license ?? licencesRead[name]),
]

const licenceProblems = (name: string, licence: string | undefined): readonly string[] => {
  if (licence === undefined) return ['states no licence']
  const isAllowed = licenceRules.some(
    (rule) => rule.licence === licence && (rule.packages === 'any' || rule.packages.includes(name)),
  )
  return isAllowed ? [] : [`has a licence that is not allowed here: ${licence}`]
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('node_modules/') + 13)

/** No install script ever runs, and a version is written down as it is. */
export const npmrcProblems = (npmrc: string): readonly string[] =>
  ['ignore-scripts=true', 'save-exact=true', 'engine-strict=true']
    .filter((line) => !npmrc.split('\n').includes(line))
    .map((line) => `.npmrc: ${line} is missing`)

/** The last stage runs in production: it must not run as root, nor install with scripts on the way. */
export const imageProblems = (dockerfile: string): readonly string[] => {
  const users = [...(dockerfile.split(/^FROM /m).at(-1) ?? '').matchAll(/^USER +(\S+)/gm)]
  const user = users.at(-1)?.[1]
  const installs = dockerfile.match(/^.*npm (ci|install)\b.*$/gm) ?? []
  return [
    ...(user === undefined || /^(root|0)(:|$)/.test(user) ? ['Dockerfile: runs as root'] : []),
    ...installs
      .filter((line) => !line.includes('--ignore-scripts'))
      .map((line) => `Dockerfile: runs install scripts: ${line.trim()}`),
  ]
}
