import type { CarrierVerdict, OperationId } from '@recargas/contracts'

type Truth =
  'authorized' | 'rejected' | 'not-sent' | 'later-authorized' | 'later-rejected' | 'never'
const truths: readonly Truth[] = [
  'authorized',
  'authorized',
  'authorized',
  'rejected',
  'not-sent',
  'later-authorized',
  'later-rejected',
  'never',
]

/** The adapter and the carrier behind it: each sale has one truth, published again for every repeated job. */
export const simulatedCarrier = (random: () => number) => {
  const sales = new Map<OperationId, { readonly truth: Truth; asked: number; isClosed: boolean }>()
  const verdictOf = (id: OperationId): Pick<CarrierVerdict, 'verdict' | 'closed'> => {
    const sale = sales.get(id)
    if (sale === undefined) throw new Error(`${id} was never asked for`)
    const closed = sale.isClosed ? { closed: true as const } : {}
    const isLater = sale.asked > 2
    switch (sale.truth) {
      case 'authorized':
      case 'rejected':
      case 'not-sent':
        return { verdict: sale.truth, ...closed }
      case 'later-authorized':
        return { verdict: isLater ? 'authorized' : 'pending', ...closed }
      case 'later-rejected':
        return { verdict: isLater ? 'rejected' : 'pending', ...closed }
      case 'never':
        return { verdict: isLater ? 'unresolved' : 'pending', ...closed }
    }
  }
  return {
    /** A job, or a person's word that the sale is to be closed. */
    hear: (id: OperationId, isClosing: boolean) => {
      const truth = truths[Math.floor(random() * truths.length)] ?? 'authorized'
      const sale = sales.get(id) ?? { truth, asked: 0, isClosed: false }
      sale.asked += 1
      sale.isClosed ||= isClosing
      sales.set(id, sale)
      return verdictOf(id)
    },
    truthOf: (id: OperationId) => sales.get(id)?.truth,
  }
}
