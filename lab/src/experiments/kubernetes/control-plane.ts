import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startChild, type Child } from '@recargas/stack/child'
import { startOrClose, type Guard } from '@recargas/stack/guard'
import { freePorts } from '@recargas/stack/ports'
import { runProgram } from '@recargas/stack/run-program'
import { waitUntil } from '@recargas/stack/readiness'
import { nodeCount, simulatedNodes, stages } from './nodes.ts'
import type { Programs } from './programs.ts'

const readyTimeoutMs = 120_000
const stopTimeoutMs = 10_000
const lookEveryMs = 250
const ownerOnly = 0o600

export type Answer = { readonly isAccepted: boolean; readonly says: string }

/** A running control plane, by the programs that an operator has. */
export type Cluster = Awaited<ReturnType<typeof startControlPlane>>

/** Starts etcd, the control plane and simulated nodes on free loopback ports. Certificates, keys and the token are of this run. */
export const startControlPlane = (programs: Programs, runFolder: string) =>
  startOrClose(async (guard) => {
    const folder = join(runFolder, 'kubernetes')
    mkdirSync(folder, { recursive: true })
    const children: Child[] = []
    const start = async (name: string, command: string, args: readonly string[]): Promise<void> => {
      const logFile = join(folder, `${name}.log`)
      const options = { name, command, args, env: process.env, logFile, guard }
      // The last one started is the first to be stopped.
      children.unshift(await startChild(options))
    }
    const stop = async () => {
      for (const child of children) await child.stop(stopTimeoutMs)
      await guard.close()
    }
    const ready = (name: string, isReady: () => Promise<boolean>) =>
      waitUntil(
        `${name} is ready`,
        readyTimeoutMs,
        () => {
          const ended = children.find((child) => !child.running())
          if (ended !== undefined) throw new Error(`${ended.name} ended:\n${ended.lastLines(5)}`)
          return isReady().catch(() => false)
        },
        lookEveryMs,
      )
    const [client = 0, peer = 0, api = 0, managing = 0, scheduling = 0] = await freePorts(5)
    const credentials = writeCredentials(folder, api)
    const cluster = commandsOn(programs, folder, credentials.kubeconfig, guard)
    await start('etcd', programs.etcd, etcdOptions(folder, client, peer))
    await start('kube-apiserver', programs.apiserver, apiserverOptions(credentials, client, api))
    await ready(
      'kube-apiserver',
      async () => (await cluster.kubectl('get', '--raw', '/readyz')) === 'ok',
    )
    const manager = controllerManagerOptions(credentials, managing)
    await start('kube-controller-manager', programs.controllerManager, manager)
    await start('kube-scheduler', programs.scheduler, aloneOn(credentials, scheduling))
    await start('kwok', programs.kwok, [
      ...['--kubeconfig', credentials.kubeconfig],
      ...['--config', writeJson(folder, 'stages', stages, '\n---\n')],
      ...['--manage-all-nodes=true', '--node-lease-duration-seconds', '40'],
    ])
    await cluster.hand('create', 'nodes', simulatedNodes)
    const isReady = '{range .items[*]}{.status.conditions[?(@.type=="Ready")].status} {end}'
    await ready('each node', async () => {
      const answers = await cluster.kubectl('get', 'nodes', '--output', `jsonpath=${isReady}`)
      return answers.split(' ').filter((answer) => answer === 'True').length === nodeCount
    })
    return { ...cluster, stop }
  })

/** Writes objects as one file. @returns its path */
const writeJson = (
  folder: string,
  name: string,
  objects: readonly object[],
  between = '\n',
): string => {
  const file = join(folder, `${name}.json`)
  const texts = objects.map((object) => JSON.stringify(object))
  writeFileSync(file, texts.join(between), { mode: ownerOnly })
  return file
}

const etcdOptions = (folder: string, client: number, peer: number): readonly string[] => {
  const [clientUrl, peerUrl] = [`http://127.0.0.1:${client}`, `http://127.0.0.1:${peer}`]
  return [
    ...['--data-dir', join(folder, 'etcd'), '--name', 'only'],
    ...['--listen-client-urls', clientUrl, '--advertise-client-urls', clientUrl],
    ...['--listen-peer-urls', peerUrl, '--initial-advertise-peer-urls', peerUrl],
    ...['--initial-cluster', `only=${peerUrl}`, '--log-level', 'error'],
  ]
}

const apiserverOptions = (
  credentials: Credentials,
  etcdPort: number,
  port: number,
): readonly string[] => [
  ...['--etcd-servers', `http://127.0.0.1:${etcdPort}`],
  ...['--bind-address', '127.0.0.1', '--secure-port', String(port)],
  // No pod of a simulated node ever calls it by the cluster's network.
  ...['--advertise-address', '127.0.0.1', '--endpoint-reconciler-type', 'none'],
  ...['--service-cluster-ip-range', '10.96.0.0/16', '--cert-dir', credentials.certificates],
  ...['--authorization-mode', 'RBAC', '--token-auth-file', credentials.tokens],
  ...['--service-account-issuer', 'https://kubernetes.default.svc'],
  ...['--service-account-key-file', credentials.publicKey],
  ...['--service-account-signing-key-file', credentials.privateKey],
]

/** Options of a part that is the only one of its kind. */
const aloneOn = (credentials: Credentials, port: number): readonly string[] => [
  ...['--kubeconfig', credentials.kubeconfig, '--leader-elect=false'],
  ...['--bind-address', '127.0.0.1', '--secure-port', String(port)],
  ...['--cert-dir', credentials.certificates],
]

const controllerManagerOptions = (credentials: Credentials, port: number): readonly string[] => [
  ...aloneOn(credentials, port),
  ...['--service-account-private-key-file', credentials.privateKey],
  ...['--root-ca-file', credentials.authority],
]

type Credentials = ReturnType<typeof writeCredentials>

/** Keys of this run. The API server makes its own certificate beside them as it starts. */
const writeCredentials = (folder: string, apiPort: number) => {
  const certificates = join(folder, 'certificates')
  mkdirSync(certificates)
  const authority = join(certificates, 'apiserver.crt')
  const [privateKey, publicKey] = [
    join(certificates, 'accounts.key'),
    join(certificates, 'accounts.pub'),
  ]
  const pair = generateKeyPairSync('rsa', {
    modulusLength: 2_048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  writeFileSync(privateKey, pair.privateKey, { mode: ownerOnly })
  writeFileSync(publicKey, pair.publicKey)
  const token = randomBytes(32).toString('hex')
  const tokens = join(certificates, 'tokens.csv')
  writeFileSync(tokens, `${token},lab,lab,system:masters\n`, { mode: ownerOnly })
  const server = `https://127.0.0.1:${apiPort}`
  const kubeconfig = writeJson(folder, 'kubeconfig', [
    {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'lab', cluster: { server, 'certificate-authority': authority } }],
      users: [{ name: 'lab', user: { token } }],
      contexts: [{ name: 'lab', context: { cluster: 'lab', user: 'lab' } }],
      'current-context': 'lab',
    },
  ])
  return { certificates, authority, privateKey, publicKey, tokens, kubeconfig }
}

const commandsOn = (programs: Programs, folder: string, kubeconfig: string, guard: Guard) => {
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    KUBECONFIG: kubeconfig,
    KUBECACHEDIR: join(folder, 'kubectl'),
    HELM_CACHE_HOME: join(folder, 'helm-cache'),
    HELM_CONFIG_HOME: join(folder, 'helm-config'),
    HELM_DATA_HOME: join(folder, 'helm-data'),
  }
  const kubectl = (...args: readonly string[]) => runProgram(programs.kubectl, args, env)
  return {
    folder,
    /** Makes objects, or changes those that are there. */
    hand: async (how: 'create' | 'apply', name: string, items: readonly object[]) => {
      const list = { apiVersion: 'v1', kind: 'List', items }
      await kubectl(how, '--filename', writeJson(folder, name, [list]))
    },
    /** @throws with the last lines that it printed */
    kubectl,
    helm: (...args: readonly string[]) => runProgram(programs.helm, args, env),
    /** All lines of a command that may be refused. */
    try: async (program: 'kubectl' | 'helm', ...args: readonly string[]): Promise<Answer> => {
      // A command that succeeds says on standard error that it was made to wait.
      const script = '"$@" 2>&1 || { echo; echo refused; }'
      const printed = await runProgram('sh', ['-c', script, 'sh', programs[program], ...args], env)
      const isAccepted = !printed.endsWith('\nrefused\n')
      return {
        isAccepted,
        says: isAccepted ? printed : printed.slice(0, -'\nrefused\n'.length).trim(),
      }
    },
    /** A command that runs until it is stopped; its lines go to the file. */
    follow: (logFile: string, ...args: readonly string[]) =>
      startChild({ name: 'kubectl', command: programs.kubectl, args, env, logFile, guard }),
  }
}
