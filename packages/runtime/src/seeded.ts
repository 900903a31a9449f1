/** The next number, from 0 up to 1. */
type Random = () => number

/**
 * Numbers from 0 to 1, evenly, the same for the same seed: Tommy Ettinger's mulberry32, small, fast and repeatable, which is
 * all that a simulation or a plan of faults needs. Never for secrets or ids.
 */
export const seeded = (seed: number): Random => {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
