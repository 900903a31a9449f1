import { eventually, expectStatus, newNumber, openShop } from '../till/shop.ts'
import { tokenFor } from '../till/pos.ts'
import { proveStack, type Proof } from '../till/proof.ts'
import type { Stack } from '../stack/supervisor.ts'
import { sellFor, type Load, type LoadResult } from './load.ts'
import { usageOf, type Usage } from './processes.ts'

export type Measured = {
  readonly load: Load
  readonly result: LoadResult
  /** During the measured time; of the load generator too. */
  readonly cpuPercent: Readonly<Record<string, number>>
  readonly rssPeakMb: Readonly<Record<string, number>>
}

export type WholePath = {
  readonly measure: (load: Load) => Promise<Measured>
  /** Waits until nothing is held any more, then proves the ledger against the carrier. */
  readonly prove: () => Promise<Proof>
}

type Pids = Readonly<Record<string, () => number | null>>

/** One hot float of one shop, sold through the whole path. */
export const openWholePath = async (
  stack: Stack,
  options: { readonly ledgerUri: string; readonly serverPids: Pids },
): Promise<WholePath> => {
  const gateway = { url: () => stack.urls.gateway, jwtSecret: stack.jwtSecret }
  const shop = await openShop(gateway, { cash: 9_000_000, float: 8_000_000 })
  const target = {
    url: stack.urls.gateway,
    token: tokenFor(stack.jwtSecret, { user: 1, role: 'Administrador' }),
    sessionId: shop.sessionId,
  }
  const pids: Pids = {
    'api-gateway': stack.processes.gateway.pid,
    ledger: stack.processes.ledger.pid,
    'carrier-adapter': stack.processes.adapter.pid,
    'tpaga-sandbox': stack.processes.sandbox.pid,
    ...options.serverPids,
    'load generator': () => process.pid,
  }
  return {
    measure: async (load) => {
      const before = usages(pids)
      const startedAt = performance.now()
      const result = await sellFor(target, load)
      const seconds = (performance.now() - startedAt) / 1000
      const after = usages(pids)
      return {
        load,
        result,
        cpuPercent: mapped(after, (usage, name) =>
          Math.round(((usage.cpuSeconds - (before[name]?.cpuSeconds ?? 0)) / seconds) * 100),
        ),
        rssPeakMb: mapped(after, (usage) => usage.rssPeakMb),
      }
    },
    prove: async () => {
      // Requests that were cut off at the end may still be queued: what is sold after them comes after them.
      await expectStatus(201, shop.sell(newNumber(), 0.1))
      await eventually(shop.float, ({ reserved }) => reserved === '0.00')
      return proveStack(options.ledgerUri, stack.urls.sandbox)
    },
  }
}

const usages = (pids: Pids): Readonly<Record<string, Usage>> =>
  Object.fromEntries(
    Object.entries(pids).flatMap(([name, pid]) => {
      const usage = usageOf(pid())
      return usage === null ? [] : [[name, usage]]
    }),
  )

const mapped = <Value>(
  usage: Readonly<Record<string, Usage>>,
  value: (usage: Usage, name: string) => Value,
): Readonly<Record<string, Value>> =>
  Object.fromEntries(Object.entries(usage).map(([name, each]) => [name, value(each, name)]))
