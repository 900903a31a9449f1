import type { Cluster } from './control-plane.ts'
import {
  inNamespace,
  installing,
  makeSecrets,
  objectsLeft,
  parts,
  upgrading,
  valuesOf,
} from './installation.ts'

export type Refused = {
  readonly asked: string
  readonly isRefused: boolean
  readonly saysWhy: boolean
  readonly says: string
  /** The release is as before: nothing was made, no new revision begun. */
  readonly leftAsItWas: boolean
}

const refusalOf = async (
  cluster: Cluster,
  asked: string,
  says: RegExp,
  ...command: readonly ['kubectl' | 'helm', ...(readonly string[])]
): Promise<Refused> => {
  const before = await objectsLeft(cluster)
  const answer = await cluster.try(...command)
  const after = await objectsLeft(cluster)
  return {
    asked,
    isRefused: !answer.isAccepted,
    saysWhy: says.test(answer.says),
    says: answer.says,
    leftAsItWas: String(before) === String(after),
  }
}

const lacking = 'amqp-url-ledger'
const namesIt = new RegExp(`secrets\\.ledger\\.AMQP_URL names key "${lacking}", which Secret`)

/** Asks for installations that must not begin. The Secrets are there afterwards, whole. */
export const refuseInstallations = async (cluster: Cluster): Promise<readonly Refused[]> => {
  const install = (asked: string, says: RegExp, set: readonly string[] = []) =>
    refusalOf(cluster, asked, says, 'helm', ...installing, ...valuesOf(parts, set))
  const noSecret =
    /lacks secrets: .*secrets\.adapter\.TPAGA_API_KEY names Secret "recargas", which is not there/
  const withoutSecrets = await install('install without its Secrets', noSecret)
  await makeSecrets(cluster, lacking)
  const withoutKey = await install('install with a Secret that lacks a key', namesIt)
  await makeSecrets(cluster)
  return [
    withoutSecrets,
    withoutKey,
    await install('more ledgers than partitions', /ledger\/replicas.*16/s, ['ledger.replicas=17']),
    await install('a setting that no service declares', /NO_SUCH_SETTING.*not allowed/s, [
      'settings.ledger.NO_SUCH_SETTING=1',
    ]),
    await refusalOf(
      cluster,
      'a pod that is not restricted',
      /violates PodSecurity "restricted/,
      ...([
        'kubectl',
        'run',
        'intruder',
        '--image=registry.example/any:1',
        ...inNamespace,
      ] as const),
    ),
  ]
}

/** Asks for an upgrade while a key is missing. */
export const refuseUpgrade = async (cluster: Cluster): Promise<Refused> => {
  const secret = ['secret', 'recargas', ...inNamespace, '--type=json']
  const removal = JSON.stringify([{ op: 'remove', path: `/data/${lacking}` }])
  await cluster.kubectl('patch', ...secret, '--patch', removal)
  try {
    const values = valuesOf(parts, ['image.tag=0.2.0'])
    const asked = 'upgrade with a Secret that lost a key'
    return await refusalOf(cluster, asked, namesIt, 'helm', ...upgrading, ...values)
  } finally {
    await makeSecrets(cluster)
  }
}
