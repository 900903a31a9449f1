import { randomUUID } from 'node:crypto'
import { waitUntil } from '@recargas/stack/readiness'
import { say } from '../runner/report.ts'
import { newNumber, openShop } from '../till/shop.ts'
import type { Docker, Reached } from './compose.ts'

/** From a member's death to the answer 201 of a sale that was pressed right after it. */
export type MemberDeath = { readonly member: string; readonly waitedMs: number }

const amount = 10
const killTimeoutMs = 30_000
const startTimeoutMs = 180_000
const saleTimeoutMs = 60_000

/**
 * Kills one container after another amid sales and starts it again. A till presses again under the same key until its sale
 * is answered as sold.
 * @throws where a sale is not sold a minute after the death, or the float is not the sum of the sales
 */
export const sellPastDeaths = async (
  docker: Docker,
  { gateway }: Reached,
  members: readonly string[],
): Promise<readonly MemberDeath[]> => {
  if (members.length === 0) return []
  const shop = await openShop(gateway, { cash: 500, float: 100 })
  const before = Number((await shop.float()).available)
  const deaths: MemberDeath[] = []
  for (const member of members) {
    await docker.run(['compose', 'kill', member], killTimeoutMs)
    const startedAt = performance.now()
    const number = newNumber()
    const headers = { 'Idempotency-Key': randomUUID() }
    await waitUntil(`a sale after the death of ${member}`, saleTimeoutMs, async () => {
      const answer = await shop.sell(number, amount, headers).catch(() => null)
      return answer?.status === 201
    })
    const waitedMs = Math.round(performance.now() - startedAt)
    say(`✓ ${member} killed, a sale after ${waitedMs} ms`)
    deaths.push({ member, waitedMs })
    await docker.run(
      ['compose', 'up', '--detach', '--wait', '--no-recreate', member],
      startTimeoutMs,
    )
  }
  const { available, reserved } = await shop.float()
  const wanted = before - amount * members.length
  if (Number(available) !== wanted || Number(reserved) !== 0) {
    throw new Error(`the float is ${available} with ${reserved} reserved, not ${wanted}`)
  }
  return deaths
}
