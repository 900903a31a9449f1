/** Versions of MongoDB and RabbitMQ that servers of our own can be started in. `any`: that of the machine or of its packages. */
export const serverVersions = {
  mongodb: ['any', '6.0.27'],
  rabbitmq: ['any', '4.3'],
} as const

export type ServerVersions = {
  readonly mongodb: (typeof serverVersions.mongodb)[number]
  readonly rabbitmq: (typeof serverVersions.rabbitmq)[number]
}

/** Reads STACK_MONGODB and STACK_RABBITMQ; empty counts as not set. @throws naming the versions that there are */
export const versionsAsked = (
  environment: Readonly<Record<string, string | undefined>> = process.env,
): ServerVersions => ({
  mongodb: versionNamed('STACK_MONGODB', serverVersions.mongodb, environment),
  rabbitmq: versionNamed('STACK_RABBITMQ', serverVersions.rabbitmq, environment),
})

const versionNamed = <Version extends string>(
  setting: string,
  known: readonly ['any', ...Version[]],
  environment: Readonly<Record<string, string | undefined>>,
): Version | 'any' => {
  const text = environment[setting] || 'any'
  const version = known.find((each) => each === text)
  if (version === undefined) throw new Error(`${setting}=${text}: one of ${known.join(', ')}`)
  return version
}

/** Members of MongoDB and of RabbitMQ, each, that servers of our own have. */
export const nodeCounts = [1, 3] as const
export type NodeCount = (typeof nodeCounts)[number]

/** Reads STACK_NODES; empty counts as one. @throws naming the counts that there are */
export const nodesAsked = (
  environment: Readonly<Record<string, string | undefined>> = process.env,
): NodeCount => {
  const text = environment['STACK_NODES'] || '1'
  const count = nodeCounts.find((each) => String(each) === text)
  if (count === undefined) throw new Error(`STACK_NODES=${text}: ${nodeCounts.join(' or ')}`)
  return count
}
