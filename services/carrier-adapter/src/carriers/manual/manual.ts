import type { FundsReserved } from '@recargas/contracts'
import type { Carrier } from '../../domain/carrier.ts'
import type { Evidence } from '../../domain/evidence.ts'

type Settings = {
  /** Time after which a sale without a confirmation goes in review. */
  readonly reviewMs: number
}

/** No carrier is called, so an attempt lasts only until it is recorded. */
const callTimeoutMs = 1_000
const salesAtOnce = { topup: 32 } as const
const open = { available: true, reason: null, breaker: 'closed' } as const
const noBundles = { available: false, reason: 'it sells no packages', breaker: 'closed' } as const

/**
 * An operator that is sold on its own dealer phone or terminal. The adapter only keeps the record: the person who carries
 * the sale out confirms it to the ledger, or the catalogue lets every sale count at once (docs/carriers.md).
 */
export const createManual = ({ reviewMs }: Settings): Carrier => ({
  salesAtOnce,
  callTimeoutMs,
  requestBody: ({ slug, number, carrierAmount }) => JSON.stringify({ slug, number, carrierAmount }),
  admit: () => ({
    kind: 'admitted',
    send: ({ sale }) => Promise.resolve(evidenceOf(sale.job)),
    release: () => undefined,
  }),
  // The person may have carried the sale out already: no failure of the adapter proves the contrary.
  notSent: (why) => leftToPerson(`left to a person (${why})`),
  followUp: () => ({ by: 'wait', stepsMs: [reviewMs] }),
  afterLookups: (sale) => sale,
  state: () => ({ ...open, bundles: noBundles, offered: null }),
  readBalance: () => Promise.resolve(null),
  close: () => Promise.resolve(),
})

/** Rows of this carrier's table: 1 counts at once, by the catalogue; 2 waits for a person's confirmation. */
const evidenceOf = ({ terms }: FundsReserved): Evidence =>
  terms?.['confirmation'] === 'immediate'
    ? { ...clear, row: 1, proves: 'authorized', observed: 'counts at once, by the catalogue' }
    : leftToPerson('left to a person, who confirms it')

const clear = { ambiguous: false, failure: false } as const

const leftToPerson = (observed: string): Evidence => ({
  ...clear,
  row: 2,
  proves: 'pending',
  observed,
})
