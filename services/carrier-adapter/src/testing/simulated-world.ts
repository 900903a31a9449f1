import type { CarrierVerdictMessage, FundsReserved } from '@recargas/contracts'
import type { SaleRecord } from '../domain/sale.ts'
import { classifyTopup } from '../carriers/tpaga/decision-table.ts'
import { carrierRequest } from '../carriers/tpaga/requests.ts'
import type { Evidence } from '../domain/evidence.ts'
import { createAttempts, type Deps } from '../sales/attempts.ts'
import { createCloseSale } from '../sales/close-sale.ts'
import { createDeliverSale } from '../sales/deliver-sale.ts'
import { createRepeats } from '../sales/repeat-sale.ts'
import { asClosing, asMessage } from './jobs.ts'

type Worker = {
  readonly deliver: () => Promise<unknown>
  readonly close: () => Promise<unknown>
  readonly round: () => Promise<unknown>
  isDead: boolean
}
type Call = { readonly startedAt: number; endsAt: number }

const callTimeoutMs = 8_000
export const repeatMs = [3_000, 10_000, 30_000]
export const limits = {
  bornAt: new Date(0),
  clockSkewMs: 100,
  sendDeadlineMs: 60_000,
  leaseMs: 20_000,
  unrecordedMax: 100,
  jitterRatio: 0.1,
}

/**
 * Adapters without processes, a database, a carrier or time: each slow action is a step, and one seed decides the next step,
 * its result and the deaths.
 */
export const simulate = (job: FundsReserved, random: () => number) => {
  const world = {
    now: Date.parse(job.requestedAt) + 1,
    record: null as SaleRecord | null,
    debits: 0,
    /** The carrier's decision for the token; it never changes. */
    decided: null as 'authorized' | 'rejected' | null,
    calls: [] as Call[],
    said: [] as CarrierVerdictMessage[],
    violations: [] as string[],
    isCalm: false,
  }
  let waiting: { readonly worker: Worker; readonly go: () => void }[] = []
  const request = carrierRequest(job, 'string')
  const chance = (part: number) => !world.isCalm && random() < part

  /** Never ends for a worker that has died. */
  const step = (worker: Worker) =>
    new Promise<void>((go) => {
      if (!worker.isDead) waiting.push({ worker, go })
    })
  const mayFail = () => {
    if (chance(0.04)) throw new Error('the database is away')
  }

  const recordsOf = (worker: Worker): Deps['records'] => ({
    create: async (topup) => {
      await step(worker)
      mayFail()
      const known = world.record
      if (known === null) world.record = topup
      await step(worker)
      mayFail()
      return known === null ? { kind: 'created' } : { kind: 'known', sale: known }
    },
    change: async (topup, change) => {
      if (change(topup) === topup) return topup
      await step(worker)
      mayFail()
      const current = world.record
      if (current === null) throw new Error('changed before it was made')
      const next = change(current)
      if (next !== current) world.record = { ...next, revision: current.revision + 1 }
      const result = next === current ? current : world.record
      await step(worker)
      mayFail()
      return result ?? current
    },
  })

  const callOf = async (worker: Worker, owner: string): Promise<Evidence> => {
    const last = world.record?.attempts.at(-1)
    if (last?.owner !== owner || last.answer !== null)
      world.violations.push('a call without record')
    if (world.record?.neverSend === true) world.violations.push('a call after the promise of none')
    if (world.calls.some(({ endsAt }) => world.now < endsAt))
      world.violations.push('two calls at once')
    if (chance(0.1)) {
      return classifyTopup(
        { kind: 'transport-error', phase: 'before-connect', code: 'REFUSED' },
        request,
      )
    }
    const call = { startedAt: world.now, endsAt: world.now + callTimeoutMs }
    world.calls.push(call)
    await step(worker)
    const arrives = !chance(0.15)
    if (arrives && world.decided === null && !chance(0.2)) {
      world.decided = random() < 0.7 ? 'authorized' : 'rejected'
      if (world.decided === 'authorized') world.debits += 1
    }
    const { decided } = world
    await step(worker)
    const tookMs = world.now - call.startedAt
    if (tookMs >= callTimeoutMs || chance(0.15)) {
      call.endsAt = Math.min(call.endsAt, world.now)
      return classifyTopup({ kind: 'timeout', afterMs: callTimeoutMs }, request)
    }
    call.endsAt = world.now
    if (!arrives || chance(0.1)) {
      return classifyTopup({ kind: 'transport-error', phase: 'after', code: 'RESET' }, request)
    }
    const clear = { observed: 'answered', failure: false, ambiguous: false } as const
    if (decided === 'authorized') return { ...clear, row: 1, proves: 'authorized' }
    if (decided === 'rejected') return { ...clear, row: 2, proves: 'rejected' }
    return { ...clear, row: 3, proves: 'pending', ambiguous: true }
  }

  let workers = 0
  const start = (): Worker => {
    workers += 1
    const owner = `worker-${workers}`
    const worker = { isDead: false } as Worker
    const records = recordsOf(worker)
    const attempts = createAttempts({
      records,
      carrierOf: () => ({
        callTimeoutMs,
        requestBody: () => '{}',
        admit: () =>
          chance(0.05)
            ? { kind: 'refused', why: 'breaker-open' }
            : {
                kind: 'admitted',
                send: () => callOf(worker, owner),
                release: () => undefined,
              },
        notSent: (why) => classifyTopup({ kind: 'not-sent', why }, request),
        followUp: () => ({ by: 'repeat', stepsMs: repeatMs }),
        afterLookups: (sale) => sale,
      }),
      publish: async (verdict) => {
        await step(worker)
        if (chance(0.1)) return { kind: 'unknown' }
        world.said.push(verdict)
        await step(worker)
        return { kind: chance(0.1) ? 'unknown' : 'confirmed' }
      },
      now: () => new Date(world.now),
      monotonicMs: () => world.now,
      random,
      crashPoint: () => undefined,
      report: () => undefined,
      owner,
      limits,
    })
    const deliver = createDeliverSale(attempts)
    const close = createCloseSale(attempts)
    const repeats = createRepeats(attempts, {
      due: async (now, unpublishedSince) => {
        await step(worker)
        const { record } = world
        if (record === null) return []
        const isDue = record.nextAt !== null && record.nextAt <= now
        return isDue || (record.unpublished && record.updatedAt <= unpublishedSince) ? [record] : []
      },
      atOnceMax: 10,
    })
    return Object.assign(worker, {
      deliver: () => deliver(asMessage(job)),
      close: () => close(asClosing(job)),
      round: () => repeats.round(),
    })
  }

  /** Runs one waiting step, chosen by the seed. @returns false when nothing waits */
  const goOn = async (): Promise<boolean> => {
    const [next] = waiting.splice(Math.floor(random() * waiting.length), 1)
    next?.go()
    // Its consequences run in this turn's microtasks.
    await new Promise((resolve) => setImmediate(resolve))
    return next !== undefined
  }
  const kill = (worker: Worker): void => {
    worker.isDead = true
    waiting = waiting.filter((each) => each.worker !== worker)
  }
  return { world, start, goOn, kill }
}
