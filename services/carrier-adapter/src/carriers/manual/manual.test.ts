import { describe, expect, test } from '@jest/globals'
import { adapterInMemory } from '../../testing/adapter-in-memory.ts'
import { aJob, asClosing, asMessage } from '../../testing/jobs.ts'
import { createManual } from './manual.ts'

const reviewMs = 900_000

/** The adapter with this carrier; a clock that stalls lets time pass once the attempt is recorded. */
const anAdapter = () => {
  const adapter = adapterInMemory({ carrierOf: () => createManual({ reviewMs }) }, (step) => {
    if (step === 'after-attempt-recorded') clock.now += clock.stallsMs
  })
  const clock = Object.assign(adapter.clock, { stallsMs: 0 })
  const job = (confirmation: 'person' | 'immediate' = 'person') =>
    aJob({
      carrier: 'manual',
      terms: { confirmation },
      requestedAt: new Date(clock.now).toISOString(),
    })
  return {
    clock,
    database: adapter.database,
    job,
    deliver: (sold: ReturnType<typeof job>) => adapter.deliver(asMessage(sold)),
    close: (sold: ReturnType<typeof job>) => adapter.close(asClosing(sold)),
    look: adapter.repeat,
    last: adapter.last,
  }
}

describe('a sale that a person carries out', () => {
  test('is kept pending until its schedule is over, then goes in review', async () => {
    const { clock, job, deliver, look, last } = anAdapter()
    await deliver(job())
    expect(last()).toMatchObject({ verdict: 'pending', attempts: [{ row: 2 }] })
    expect(last()?.attempts[0]?.unclear).toBeUndefined()
    clock.now += reviewMs - 1
    await look()
    expect(last()?.verdict).toBe('pending')
    clock.now += 1
    await look()
    expect(last()?.verdict).toBe('unresolved')
  })

  test('is closed for the confirmation, known here or not, without a word that it was not made', async () => {
    const { job, deliver, close, last } = anAdapter()
    const known = job()
    await deliver(known)
    await close(known)
    expect(last()).toMatchObject({ verdict: 'pending', closed: true })
    await close(job())
    expect(last()).toMatchObject({ verdict: 'pending', closed: true })
  })

  test('is never called unsent: not after the deadline, nor by a short lease, nor by an absent database', async () => {
    const { clock, database, job, deliver, last } = anAdapter()
    const late = job()
    clock.now += 3_600_000
    await deliver(late)
    expect(last()?.verdict).toBe('pending')
    clock.stallsMs = 19_500
    await deliver(job())
    expect(last()).toMatchObject({
      verdict: 'pending',
      attempts: [{ observed: 'left to a person (lease-too-short)' }],
    })
    clock.stallsMs = 0
    const unrecorded = job()
    database.isAway = true
    expect(await deliver(unrecorded)).toMatchObject({ verdict: 'retry' })
    database.isAway = false
    await deliver(unrecorded)
    expect(last()?.verdict).toBe('pending')
  })

  test('counts at once where its terms say so, however late the adapter comes to it', async () => {
    const { clock, job, deliver, last } = anAdapter()
    const sold = job('immediate')
    clock.now += 3_600_000
    await deliver(sold)
    expect(last()).toMatchObject({ verdict: 'authorized', attempts: [{ row: 1 }] })
  })
})
