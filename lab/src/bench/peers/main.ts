/**
 * The peers that the ledger is compared with, as processes of their own like ours: the role is the argument, the rest comes in
 * the environment. Started by the bench only.
 */
import type { Setting } from './queues.ts'

const setting: Setting = (name) => {
  const value = process.env[name]
  if (value === undefined) throw new Error(`${name} is not set: peers are started by the bench`)
  return value
}

type Peer = { readonly run: (setting: Setting) => unknown }

/** Those with figures print them as JSON when they have ended. */
const roles: Readonly<Record<string, () => Promise<Peer>>> = {
  gateway: () => import('./gateway.ts'),
  adapter: () => import('./adapter.ts'),
  'bare-ledger': () => import('./bare-ledger.ts'),
  'trio-ledger': () => import('./trio-ledger.ts'),
  carrier: () => import('./carrier.ts'),
  medici: () => import('./medici.ts'),
  'raw-commit': () => import('./raw-commit.ts'),
  'raw-read': () => import('./raw-read.ts'),
}

const role = roles[process.argv[2] ?? '']
if (role === undefined) throw new Error(`no peer ${process.argv[2] ?? ''}`)
const { run } = await role()
const figures = await run(setting)
if (figures !== undefined) console.log(JSON.stringify(figures))
