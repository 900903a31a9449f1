import { waitUntil } from '@recargas/stack/readiness'
import { say } from '../runner/report.ts'
import { timed } from '../runner/statistics.ts'
import { askPrometheus } from '../till/metric.ts'
import { expectStatus, newNumber, openShop } from '../till/shop.ts'
import type { Docker, Reached } from './compose.ts'

const demoTimeoutMs = 60_000
const scrapeTimeoutMs = 60_000
const answerTimeoutMs = 5_000
const float = 100
const sold = 10.5

/** One sale by a cashier with a token of the secret file, the demo data, and Prometheus scraping every target. */
export const sellAndWatch = async (
  docker: Docker,
  { gateway, prometheus }: Reached,
  services: readonly string[],
) => {
  const shop = await openShop(gateway, { cash: 500, float })
  const { result, ms } = await timed(() => expectStatus(201, shop.sell(newNumber(), sold)))
  const saleMs = Math.round(ms)
  const { estado } = result.body
  if (estado !== 'AUTORIZADA') throw new Error(`the sale is ${String(estado)}`)
  const { available: floatAfter } = await shop.float()
  if (Number(floatAfter) !== float - sold) throw new Error(`the float is ${floatAfter} afterwards`)
  say(`✓ sale ${saleMs}ms`)
  await screenIsServed(gateway.url())
  say('✓ screen')
  const demo = await docker.run(['compose', 'run', '--rm', 'demo-data'], demoTimeoutMs)
  const demoData = demo.includes('curl -sS')
  if (!demoData) throw new Error(`demo-data sent no request; it printed:\n${demo}`)
  say('✓ demo data')
  const targetsUp = services.includes('prometheus') ? await allTargetsUp(prometheus) : null
  if (targetsUp !== null) say(`✓ prometheus reads ${targetsUp} targets`)
  return {
    saleMs,
    floatAfter,
    demoData,
    services,
    /** Targets that Prometheus reads; null where there is no Prometheus. */
    targetsUp,
  }
}

const screenIsServed = async (url: string): Promise<void> => {
  const page = await fetch(`${url}/tienda`, { signal: AbortSignal.timeout(answerTimeoutMs) })
  const text = await page.text()
  if (!page.ok || !text.includes('<script')) throw new Error(`/tienda answered ${page.status}`)
}

type Targets = { readonly activeTargets: readonly { readonly health: string }[] }

const allTargetsUp = async (port: number): Promise<number> => {
  let found = 0
  await waitUntil('prometheus reads all of its targets', scrapeTimeoutMs, async () => {
    const { activeTargets } = await askPrometheus<Targets>(port, 'targets?state=active')
    found = activeTargets.length
    return found > 0 && activeTargets.every(({ health }) => health === 'up')
  })
  return found
}
