import { spawn } from 'node:child_process'
import { readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { onLoopback, startChild, type Place } from '@recargas/stack/child'
import type { Guard } from '@recargas/stack/guard'
import { onPath } from '@recargas/stack/install'
import { runProgram } from '@recargas/stack/run-program'
import { waitUntil } from '@recargas/stack/readiness'
import { succeeds } from '../../till/shop.ts'
import type { MemberPlace } from '../group.ts'

/** The environment variable of a run that has a network of its own. */
const inside = 'RECARGAS_LAB_NETWORK'
const startTimeoutMs = 5_000
const bridge = 'members'
const gatewayHost = '10.77.0.1'
const hostOf = (number: number): string => `10.77.0.${number}`
/** No interface of the bridge has this address: packets to it are lost without an error to either side. */
const nowhere = '02:00:00:00:00:01'

/** True in a run that {@link runInNetwork} has started. */
export const isInNetwork = (): boolean => process.env[inside] === 'yes'

/**
 * Runs this program again in a network of its own, which ends with it: what is made there is not seen by the machine. Without
 * root the kernel must allow user namespaces.
 * @returns its exit code; null where the machine has no such network
 */
export const runInNetwork = async (): Promise<number | null> => {
  const [unshare, ip] = [onPath('unshare'), onPath('ip', ['/usr/sbin', '/sbin'])]
  if (unshare === null || ip === null) return null
  const own = process.getuid?.() === 0 ? ['--net'] : ['--user', '--map-root-user', '--net']
  if (!(await succeeds(runProgram(unshare, [...own, 'true'])))) return null
  const args = [...own, process.execPath, ...process.execArgv, ...process.argv.slice(1)]
  const child = spawn(unshare, args, { stdio: 'inherit', env: { ...process.env, [inside]: 'yes' } })
  const forward = (signal: NodeJS.Signals) => void child.kill(signal)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, forward)
  return new Promise((resolve) => {
    child.once('exit', (code) => resolve(code ?? 1))
    child.once('error', () => resolve(null))
  })
}

/** @returns a function that makes a member's network, or null where the run has none of its own and members use loopback */
export const openNetworks = async (
  folder: string,
  guard: Guard,
): Promise<(number: number) => Promise<MemberPlace | null>> => {
  if (!isInNetwork()) return () => Promise.resolve(null)
  await changeNetwork('link set lo up')
  await changeNetwork(`link add ${bridge} type bridge`)
  await changeNetwork(`address add ${gatewayHost}/24 dev ${bridge}`)
  await changeNetwork(`link set ${bridge} up`)
  return (number) => createPlace(number, folder, guard)
}

/** @param within the command that starts programs in another network */
const changeNetwork = async (command: string, within: readonly string[] = []): Promise<void> => {
  const ip = onPath('ip', ['/usr/sbin', '/sbin']) ?? 'ip'
  const [program = ip, ...args] = [...within, ip, ...command.split(' ')]
  await runProgram(program, args)
}

const createPlace = async (number: number, folder: string, guard: Guard): Promise<MemberPlace> => {
  const host = hostOf(number)
  const link = `member${number}`
  // The namespace lives as long as this process.
  const holder = await startChild({
    name: link,
    command: 'unshare',
    args: ['--net', 'sleep', 'infinity'],
    env: process.env,
    logFile: join(folder, `${link}.log`),
    guard,
  })
  const ownNetwork = readlinkSync('/proc/self/ns/net')
  await waitUntil(
    `${link} has a network`,
    startTimeoutMs,
    () => readlinkSync(`/proc/${holder.pid}/ns/net`) !== ownNetwork,
  )
  const within = ['nsenter', `--net=/proc/${holder.pid}/ns/net`]
  const changeWithin = (command: string) => changeNetwork(command, within)
  await changeNetwork(`link add ${link} type veth peer name eth0 netns ${holder.pid}`)
  await changeNetwork(`link set ${link} master ${bridge} up`)
  await changeWithin('link set lo up')
  await changeWithin(`address add ${host}/24 dev eth0`)
  await changeWithin('link set eth0 up')
  const lose = (other: string) =>
    changeWithin(`neighbour replace ${other} lladdr ${nowhere} dev eth0 nud permanent`)
  return {
    place: { host, within },
    lose,
    cutOff: () => changeNetwork(`link set ${link} down`),
    part: async (others) => {
      for (const other of others) {
        await lose(other.place.host)
        await other.lose(host)
      }
    },
    heal: async () => {
      await changeNetwork(`link set ${link} up`)
      await changeWithin('neighbour flush dev eth0 nud permanent')
    },
  }
}

/** The places of members, where each has one. */
export const placesOf = (members: readonly (MemberPlace | null)[]): readonly Place[] | undefined =>
  members.includes(null) ? undefined : members.map((member) => member?.place ?? onLoopback)
