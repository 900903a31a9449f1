import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BrokerPrograms } from './debian-rabbitmq.ts'
import type { Guard } from './guard.ts'
import type { Place } from './child.ts'
import { startEpmd, startRabbitmq, type Rabbitmq, type RabbitPorts } from './rabbitmq.ts'

/** A member that is silent for longer is given up by the others, so that queues find new leaders within ten seconds. */
const silenceSeconds = 4

export type RabbitmqCluster = {
  /** In the order of their ports. */
  readonly members: readonly Rabbitmq[]
  /** Names all members, parted by commas, without a virtual host. */
  readonly amqpUrl: string
  /** The first member's. */
  readonly managementUrl: string
  readonly stop: () => Promise<void>
  readonly kill: () => Promise<void>
}

type Options = BrokerPrograms & {
  readonly folder: string
  /** One set for each member; the table of names is the first one's. */
  readonly ports: readonly RabbitPorts[]
  readonly guard: Guard
  /** One for each member; loopback of this machine by default. */
  readonly places?: readonly Place[]
  /** Called with the member's place, from 0, each time that it ends unexpectedly. */
  readonly onDeath: (index: number, cause: string) => void
}

/** Members of one cluster on this machine, started at once because each waits for the others when it is new. */
export const startRabbitmqCluster = async (options: Options): Promise<RabbitmqCluster> => {
  const { folder, guard, ports, places, onDeath, ...programs } = options
  const [first] = ports
  if (first === undefined) throw new Error('a cluster needs a member')
  mkdirSync(folder, { recursive: true })
  keepCookie(folder)
  const names = ports.map(
    (_, index) => `recargas-${index + 1}@${places?.[index]?.host ?? 'localhost'}`,
  )
  // Each place has a table of its own.
  const nameTable = places ? null : await startEpmd({ ...programs, folder, ports: first, guard })
  const members = await Promise.all(
    ports.map((own, index) =>
      startRabbitmq({
        ...programs,
        guard,
        folder: join(folder, `member-${index + 1}`),
        ports: { ...own, epmd: first.epmd },
        place: places?.[index],
        onDeath: (cause) => onDeath(index, cause),
        member: { node: names[index] ?? '', nodes: names, cookieFolder: folder, silenceSeconds },
      }),
    ),
  )
  const all = (how: 'stop' | 'kill') => async () => {
    await Promise.all(members.map((member) => member[how]()))
    await nameTable?.stop(nameTableStopMs)
  }
  return {
    members,
    amqpUrl: members.map(({ amqpUrl }) => amqpUrl).join(','),
    managementUrl: members[0]?.managementUrl ?? '',
    stop: all('stop'),
    kill: all('kill'),
  }
}

/** Nodes that start at once would each make the cookie, and one may read it before its rights are set. */
const keepCookie = (folder: string): void => {
  const file = join(folder, '.erlang.cookie')
  if (!existsSync(file)) writeFileSync(file, randomBytes(24).toString('hex'), { mode: 0o400 })
}

const nameTableStopMs = 2_000
