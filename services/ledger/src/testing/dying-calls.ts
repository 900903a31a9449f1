/**
 * Calls of a program that ends for good at its n-th one: before it is sent, or before its answer arrives. Every later call
 * fails too.
 */
export const dyingCalls = (diesAt: number, side: 'before' | 'after') => {
  let calls = 0
  return {
    /** Calls so far. */
    calls: () => calls,
    mortal:
      <Args extends readonly unknown[], Result>(call: (...args: Args) => Promise<Result>) =>
      async (...args: Args): Promise<Result> => {
        calls += 1
        if (calls > diesAt || (calls === diesAt && side === 'before')) throw new Error('killed')
        const result = await call(...args)
        if (calls === diesAt) throw new Error('killed')
        return result
      },
  }
}
