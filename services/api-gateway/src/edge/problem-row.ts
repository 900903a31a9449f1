/** Figures and names a sentence needs, already in the words and decimals of the POS. */
export type Facts = Readonly<Record<string, string | number>>

/** What one code answers. */
export type Row = {
  readonly status: number
  readonly title: string
  readonly message: (facts: Facts) => string
  readonly retryAfterSeconds?: number
}

/** A row whose sentence needs no facts. */
export const say = (
  status: number,
  title: string,
  sentence: string,
  retryAfterSeconds?: number,
): Row => ({
  status,
  title,
  message: () => sentence,
  ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
})
