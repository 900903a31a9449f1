import { get, type ClientRequest } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { experiment } from '../runner/experiment.ts'
import { forSeconds, onTills } from '../runner/load.ts'
import { rounded, timed } from '../runner/statistics.ts'
import type { System } from '../runner/system.ts'
import { readMetric } from '../till/metric.ts'
import { tokenFor } from '../till/pos.ts'
import { newNumber, openShop, type Shop } from '../till/shop.ts'

const usual = { rounds: 3, seconds: 20 }
const screens = 200
/** Fewer than the twenty that the gateway allows. */
const screensPerPerson = 10
const saleEveryMs = 250
const coreShareMax = 0.05
const memoryMbMax = 40
const bytesPerMb = 1_000_000

type Use = { readonly coreShare: number; readonly memoryMb: number; readonly sold: number }

/** Rounds without and with the screens take turns, so that other work of the machine affects both alike. */
export const streams = experiment({
  description: 'the cost of 200 open screens that hear of every sale of their shop',
  load: ({ gateway }) => openShop(gateway, { cash: 50_000, float: 20_000 }),
  faults: async (shop, system, { rounds = usual.rounds, seconds = usual.seconds }) => {
    await useIn(system, shop, seconds)
    const alone: Use[] = []
    const beside: Use[] = []
    let notificationsHeard = 0
    for (let round = 0; round < rounds; round += 1) {
      alone.push(await useIn(system, shop, seconds))
      const opened = await openScreens(system)
      beside.push(await useIn(system, shop, seconds))
      notificationsHeard += opened.close()
    }
    const mean = (uses: readonly Use[], of: (use: Use) => number) =>
      uses.reduce((sum, use) => sum + of(use), 0) / uses.length
    const difference = (of: (use: Use) => number) => mean(beside, of) - mean(alone, of)
    return {
      rounds,
      seconds,
      screens,
      sold: mean(beside, ({ sold }) => sold),
      notificationsHeard,
      aloneCoreShare: rounded(mean(alone, ({ coreShare }) => coreShare)),
      besideCoreShare: rounded(mean(beside, ({ coreShare }) => coreShare)),
      coreShare: rounded(difference(({ coreShare }) => coreShare)),
      memoryMb: rounded(difference(({ memoryMb }) => memoryMb)),
    }
  },
  judge: (found) => ({
    runs: { streams: found },
    bounds: {
      'every screen hears of most sales': found.notificationsHeard > found.sold * screens,
      'the screens cost at most a twentieth of a core': found.coreShare <= coreShareMax,
      'the screens cost at most 40 MB': found.memoryMb <= memoryMbMax,
    },
  }),
})

/** Sells for a while. @returns the gateway's use of a core and of memory meanwhile */
const useIn = async ({ urls }: System, shop: Shop, seconds: number): Promise<Use> => {
  const cpuBefore = await readMetric(urls.gateway, 'process_cpu_seconds_total')
  const startedAt = performance.now()
  let sold = 0
  await onTills(1, forSeconds(seconds), async () => {
    const { result, ms } = await timed(() => shop.sell(newNumber(), 1))
    if (result.status === 201) sold += 1
    await pause(Math.max(0, saleEveryMs - ms))
  })
  const tookSeconds = (performance.now() - startedAt) / 1_000
  const cpu = (await readMetric(urls.gateway, 'process_cpu_seconds_total')) - cpuBefore
  const memory = await readMetric(urls.gateway, 'process_resident_memory_bytes')
  return { coreShare: cpu / tookSeconds, memoryMb: memory / bytesPerMb, sold }
}

/** Opens the screens and waits until each has its stream. */
const openScreens = async ({ urls, jwtSecret }: System) => {
  let heard = 0
  const open = (nth: number): Promise<ClientRequest> =>
    new Promise((resolve, reject) => {
      const user = 1_000 + Math.floor(nth / screensPerPerson)
      const token = tokenFor(jwtSecret, { user, role: 'Administrador' })
      const headers = { authorization: `Bearer ${token}` }
      const asked = get(`${urls.gateway}/eventos`, { agent: false, headers }, (answer) => {
        if (answer.statusCode !== 200) reject(new Error(`/eventos: ${answer.statusCode}`))
        answer.setEncoding('utf8').on('data', (text: string) => {
          heard += text.split('event: ').length - 1
        })
        answer.on('error', () => undefined)
        resolve(asked)
      })
      asked.on('error', reject)
    })
  const opened = await Promise.all(Array.from({ length: screens }, (_, nth) => open(nth)))
  return {
    close: () => {
      for (const asked of opened) asked.destroy()
      return heard
    },
  }
}
