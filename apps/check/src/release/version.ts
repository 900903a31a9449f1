export const bumps = ['patch', 'minor', 'major'] as const
export type Bump = (typeof bumps)[number]

/** The next version, after a rise of that part. */
export const nextVersion = (version: string, bump: Bump): string => {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number)
  switch (bump) {
    case 'patch':
      return `${major}.${minor}.${patch + 1}`
    case 'minor':
      return `${major}.${minor + 1}.0`
    case 'major':
      return `${major + 1}.0.0`
  }
}

type Manifest = {
  readonly version?: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
}
type Lockfile = Manifest & { readonly packages: Readonly<Record<string, Manifest>> }
type ApiDocument = { readonly info: { readonly version: string } }

const ownScope = '@recargas/'

const withDependencies = (
  dependencies: Readonly<Record<string, string>> | undefined,
  version: string,
): Readonly<Record<string, string>> | undefined =>
  dependencies &&
  Object.fromEntries(
    Object.entries(dependencies).map(([name, wanted]) => [
      name,
      name.startsWith(ownScope) ? version : wanted,
    ]),
  )

/** Keeps the order of the members; those that are missing stay missing. */
const withVersion = <Given extends Manifest>(manifest: Given, version: string): Given => {
  const changed: Record<string, unknown> = {
    version,
    dependencies: withDependencies(manifest.dependencies, version),
    devDependencies: withDependencies(manifest.devDependencies, version),
  }
  return Object.fromEntries(
    Object.entries(manifest).map(([name, value]) => [name, changed[name] ?? value]),
  ) as Given
}

/** Sets the version of a package, and that of its dependencies on other packages of this repository. */
export const manifestAt = (text: string, version: string): string =>
  jsonText(withVersion(JSON.parse(text) as Manifest, version))

/** The same in the lockfile: only entries of this repository's own folders name its version. */
export const lockfileAt = (text: string, version: string): string => {
  const lockfile = JSON.parse(text) as Lockfile
  const packages = Object.entries(lockfile.packages).map(([path, entry]) => [
    path,
    path.startsWith('node_modules/') ? entry : withVersion(entry, version),
  ])
  return jsonText({ ...lockfile, version, packages: Object.fromEntries(packages) as unknown })
}

export const apiDocumentAt = (text: string, version: string): string => {
  const document = JSON.parse(text) as ApiDocument
  return jsonText({ ...document, info: { ...document.info, version } })
}

/** The chart and the images that it installs have the one version. */
export const chartAt = (text: string, version: string): string =>
  text.replaceAll(/^(version|appVersion): .*$/gm, `$1: ${version}`)

const jsonText = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`
