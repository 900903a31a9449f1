import type { ServiceHeartbeat } from '@recargas/contracts'

export type ClockWatchSettings = {
  /** This gateway's name in its own heartbeats, whose delay is known to the millisecond. */
  readonly instance: string
  /** Wall clock, which may be wrong; and one that never jumps. */
  readonly now: () => number
  readonly monotonicMs: () => number
  /** By how much clocks may differ. */
  readonly skewMsMax: number
}

export type ClockWatch = {
  readonly receive: (heartbeat: ServiceHeartbeat) => void
  readonly state: () => { readonly ready: boolean; readonly reason: string | null }
}

/** `lateMs`: arrival by this clock, less the time that the heartbeat names by its sender's. */
type Sample = { readonly lateMs: number; readonly at: number }

const windowMs = 10_000
/** Heartbeats over less time may have waited in one queue together. */
const spanMsMin = 4_000
const samplesMax = 50
const instancesMax = 100

/**
 * Compares this clock with the ledger's by its heartbeats. A heartbeat is never early, so one from the future proves at once
 * that this clock is behind. A late one may have waited on its way: this clock counts as ahead only where all heartbeats
 * of some seconds were later than any of this gateway's own, which take the same way through the broker and come back.
 */
export const createClockWatch = ({
  instance,
  now,
  monotonicMs,
  skewMsMax,
}: ClockWatchSettings): ClockWatch => {
  const own: Sample[] = []
  const ledgers = new Map<string, Sample[]>()

  const recent = (samples: readonly Sample[]): readonly Sample[] =>
    samples.filter(({ at }) => at >= monotonicMs() - windowMs)
  const keep = (samples: Sample[], sample: Sample): void => {
    const kept = recent(samples).slice(1 - samplesMax)
    samples.splice(0, samples.length, ...kept, sample)
  }
  const forgetSilent = (): void => {
    for (const [ledger, samples] of ledgers) {
      if (recent(samples).length === 0) ledgers.delete(ledger)
    }
  }
  const samplesOf = (ledger: string): Sample[] | null => {
    const known = ledgers.get(ledger)
    if (known !== undefined) return known
    forgetSilent()
    if (ledgers.size >= instancesMax) return null
    const samples: Sample[] = []
    ledgers.set(ledger, samples)
    return samples
  }
  return {
    receive: ({ time, data }) => {
      const sample = { lateMs: now() - Date.parse(time), at: monotonicMs() }
      const isOwn = data.service === 'api-gateway' && data.instance === instance
      if (isOwn) keep(own, sample)
      if (data.service !== 'ledger') return
      const samples = samplesOf(data.instance)
      if (samples !== null) keep(samples, sample)
    },
    state: () => {
      forgetSilent()
      const offsets = [...ledgers.values()].map((samples) => offsetOf(recent(samples), recent(own)))
      // A ledger that agrees is enough: then it is another ledger's clock that is wrong.
      const nearest = offsets.sort((one, other) => Math.abs(one) - Math.abs(other))[0] ?? 0
      if (Math.abs(nearest) <= skewMsMax) return { ready: true, reason: null }
      const side = nearest < 0 ? 'behind' : 'ahead of'
      const seconds = (Math.abs(nearest) / 1_000).toFixed(1)
      return {
        ready: false,
        reason: `this gateway's clock is at least ${seconds} s ${side} the ledger's, and ${skewMsMax / 1_000} s are allowed`,
      }
    },
  }
}

/** By how much this clock is ahead for certain; negative where it is behind. */
const offsetOf = (samples: readonly Sample[], own: readonly Sample[]): number => {
  if (samples.length === 0) return 0
  const leastLateMs = Math.min(...samples.map(({ lateMs }) => lateMs))
  if (leastLateMs < 0) return leastLateMs
  const spanMs = Math.max(...samples.map(({ at }) => at)) - Math.min(...samples.map(({ at }) => at))
  if (own.length === 0 || spanMs < spanMsMin) return 0
  const wayMs = Math.max(0, ...own.map(({ lateMs }) => lateMs))
  return Math.max(0, leastLateMs - wayMs)
}
