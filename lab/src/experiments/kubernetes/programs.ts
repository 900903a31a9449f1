import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { unpackDebianPackages } from '@recargas/stack/debian-packages'
import { cacheFolder, isExecutable, onPath } from '@recargas/stack/install'
import { runProgram } from '@recargas/stack/run-program'
import { progress, say } from '../../runner/report.ts'
import { secondsSince } from '../../runner/statistics.ts'

export const kubernetesVersion = '1.34.4'
const stagingVersion = kubernetesVersion.replace('1.', '0.')
const kwokVersion = '0.7.0'
const buildTimeoutMs = 3_600_000

/** The programs of a control plane, of its simulated nodes, and of those who install on it. */
export type Programs = Readonly<
  Record<
    'apiserver' | 'controllerManager' | 'scheduler' | 'kwok' | 'etcd' | 'helm' | 'kubectl',
    string
  >
>

/** Finds the programs, and builds the missing ones from their published source. @throws with the name of a tool that is missing */
export const kubernetesPrograms = async (): Promise<Programs> => {
  const folder = join(cacheFolder(), `kubernetes-${kubernetesVersion}`)
  mkdirSync(folder, { recursive: true })
  const helm = fromCi('helm')
  const kubectl = fromCi('kubectl')
  return {
    helm,
    kubectl,
    etcd: await findEtcd(folder),
    apiserver: await built(folder, 'kube-apiserver'),
    controllerManager: await built(folder, 'kube-controller-manager'),
    scheduler: await built(folder, 'kube-scheduler'),
    kwok: await built(folder, 'kwok'),
  }
}

/** The program that .ci/run keeps, whose version is known, or else that of the machine. */
const fromCi = (name: 'helm' | 'kubectl'): string => {
  const kept = join(cacheFolder(), 'helm', name)
  const found = isExecutable(kept) ? kept : onPath(name)
  if (found === null) throw new Error(`${name} is missing: .ci/run installs it`)
  return found
}

/** Kubernetes 1.34 needs etcd 3.5, which Debian 13 has. */
const findEtcd = async (folder: string): Promise<string> => {
  const unpacked = join(folder, 'etcd')
  const program = join(unpacked, 'usr/bin/etcd')
  if (existsSync(program)) return program
  if (onPath('apt-get') === null) {
    const found = onPath('etcd')
    if (found === null) throw new Error('etcd is missing: install etcd 3.5 or newer')
    return found
  }
  say('unpacking etcd 3.5 (Debian package) …')
  await unpackDebianPackages({
    packages: ['etcd-server'],
    suite: { archive: 'debian', name: 'trixie' },
    onThisMachinesLibraries: true,
    folder: unpacked,
  })
  return program
}

type Built = 'kube-apiserver' | 'kube-controller-manager' | 'kube-scheduler' | 'kwok'

/** Minutes of two idle cores with nothing in Go's cache. */
const usualMinutes: Readonly<Record<Built, number>> = {
  'kube-apiserver': 4,
  'kube-controller-manager': 1,
  'kube-scheduler': 1,
  kwok: 8,
}

const built = async (folder: string, name: Built): Promise<string> => {
  const program = join(folder, name)
  if (isExecutable(program)) return program
  if (onPath('go') === null) {
    throw new Error(`go is missing: ${name} is built from source, so install Go 1.24 or newer`)
  }
  say(`building ${name}, about ${usualMinutes[name]} min on two idle cores …`)
  const startedAt = performance.now()
  const ticking = setInterval(
    () => progress(`building ${name}: ${Math.round(secondsSince(startedAt))} s`),
    1_000,
  )
  try {
    await build(folder, name)
  } finally {
    clearInterval(ticking)
  }
  say(`${name} is built`)
  return program
}

const build = async (folder: string, name: Built): Promise<string> => {
  if (name === 'kwok') {
    const module = `sigs.k8s.io/kwok/cmd/kwok@v${kwokVersion}`
    return runProgram('go', ['install', module], { ...process.env, GOBIN: folder }, buildTimeoutMs)
  }
  const module = join(folder, 'module')
  mkdirSync(module, { recursive: true })
  writeFileSync(join(module, 'go.mod'), await goModule())
  const flags = ['-mod=mod', '-ldflags', versionFlags, '-o', join(folder, name)]
  const build = ['-C', module, 'build', ...flags, `k8s.io/kubernetes/cmd/${name}`]
  return runProgram('go', build, process.env, buildTimeoutMs)
}

/** The parts of Kubernetes that its own module takes from a folder beside it, where no other module finds them. */
const stagingParts = async (): Promise<readonly string[]> => {
  const download = ['mod', 'download', '-json', `k8s.io/kubernetes@v${kubernetesVersion}`]
  const printed = await runProgram('go', download, process.env, buildTimeoutMs)
  const { GoMod } = JSON.parse(printed) as { readonly GoMod: string }
  return readFileSync(GoMod, 'utf8').match(/k8s\.io\/\S+(?= v0\.0\.0$)/gm) ?? []
}

const goModule = async () =>
  [
    'module cluster',
    'go 1.24.0',
    `require k8s.io/kubernetes v${kubernetesVersion}`,
    ...(await stagingParts()).map((part) => `replace ${part} => ${part} v${stagingVersion}`),
    '',
  ].join('\n')

const [major, minor] = kubernetesVersion.split('.')
const versionFlags = [
  '-s -w',
  ...Object.entries({
    gitVersion: `v${kubernetesVersion}`,
    gitMajor: major,
    gitMinor: minor,
  }).map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`),
].join(' ')
