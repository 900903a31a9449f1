/** The silence after which the ledger is asked for a command's outcome. */
export type Silence = {
  /** Records the time that an outcome took to arrive by itself. */
  readonly arrived: (tookMs: number) => void
  readonly askAfterMs: () => number
}

const meanGain = 1 / 8
const deviationGain = 1 / 4
const deviations = 4

/**
 * Outcomes take longer under load, and asking for each of them would add to it: the ledger is asked once an outcome is late by what
 * the others took, as a retransmission timer is set (RFC 6298).
 * @param minMs at rest
 * @param maxMs a command that was lost must still be accepted in time
 */
export const createSilence = (minMs: number, maxMs: number): Silence => {
  let meanMs: number | null = null
  let deviationMs = 0
  return {
    arrived: (tookMs) => {
      if (meanMs === null) {
        meanMs = tookMs
        deviationMs = tookMs / 2
        return
      }
      deviationMs += deviationGain * (Math.abs(tookMs - meanMs) - deviationMs)
      meanMs += meanGain * (tookMs - meanMs)
    },
    askAfterMs: () =>
      meanMs === null ? minMs : clamp(meanMs + deviations * deviationMs, minMs, maxMs),
  }
}

const clamp = (value: number, min: number, max: number): number =>
  Math.max(min, Math.min(max, value))
