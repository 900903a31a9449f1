/** A licence we may ship or build with: on any package, or only on those named. docs/licences.md lists the same. */
export type LicenceRule = { readonly licence: string; readonly packages: 'any' | readonly string[] }

export const licenceRules: readonly LicenceRule[] = [
  { licence: 'MIT', packages: 'any' },
  { licence: 'ISC', packages: 'any' },
  { licence: 'Apache-2.0', packages: 'any' },
  { licence: 'Apache-2.0 AND MIT', packages: 'any' },
  { licence: 'BSD-2-Clause', packages: 'any' },
  { licence: 'BSD-3-Clause', packages: 'any' },
  { licence: 'BlueOak-1.0.0', packages: 'any' },
  { licence: '0BSD', packages: 'any' },
  { licence: '(MIT OR CC0-1.0)', packages: 'any' },
  { licence: '(MIT AND Zlib)', packages: ['pako'] },
  { licence: 'Unlicense', packages: ['tweetnacl'] },
  { licence: 'Python-2.0', packages: ['argparse'] },
  { licence: 'PSF-2.0', packages: ['argparse'] },
  { licence: 'MPL-2.0', packages: ['axe-core'] },
  { licence: 'CC-BY-4.0', packages: ['caniuse-lite'] },
]

/** Licences that a person looked up, because package.json states them in a form that the lockfile does not carry. */
export const licencesRead: Readonly<Record<string, string>> = {
  buildcheck: 'MIT',
  'cpu-features': 'MIT',
  only: 'MIT',
  ssh2: 'MIT',
}

/** Packages with an install script, and why they work without it: none is ever run (.npmrc). */
export const installScriptsNotNeeded: Readonly<Record<string, string>> = {
  '@parcel/watcher': 'the prebuilt binary is a package of its own',
  '@scarf/scarf': 'only reports that it was installed',
  '@swc/core': 'the prebuilt binary is a package of its own',
  'cpu-features': 'optional speed-up of ssh2, which testcontainers uses for remote engines only',
  esbuild: 'the prebuilt binary is a package of its own',
  protobufjs: 'only warns of a version range',
  ssh2: 'an optional native cipher; its JavaScript ones serve',
  'unrs-resolver': 'the prebuilt binary is a package of its own',
}
