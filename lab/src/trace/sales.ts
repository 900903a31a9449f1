import { randomBytes } from 'node:crypto'
import { newNumber, type Shop } from '../till/shop.ts'

export type TracedSale = {
  readonly topupId: string
  /** The id that the till sent, or null where it let the gateway make one. */
  readonly sent: string | null
  /** The id that the answer named. */
  readonly answered: string
}

const tills = 8

/** Sells, with an X-Request-Id, a traceparent or neither, in turn. @throws where a sale is not authorized */
export const sellTraced = async (
  shop: Shop,
  sales: number,
  onSold: (sold: number) => void = () => undefined,
): Promise<readonly TracedSale[]> => {
  const sold: TracedSale[] = []
  let next = 0
  const till = async () => {
    while (next < sales) {
      const [sent, headers] = traceOf(next)
      next += 1
      const { status, body, headers: answer } = await shop.sell(newNumber(), 1, headers)
      if (status !== 201) throw new Error(`a sale was answered ${status}: ${JSON.stringify(body)}`)
      sold.push({
        topupId: String(body['id_transaccion']),
        sent,
        answered: answer.get('x-request-id') ?? '',
      })
      onSold(sold.length)
    }
  }
  await Promise.all(Array.from({ length: tills }, till))
  return sold
}

const traceOf = (index: number): readonly [string | null, Record<string, string>] => {
  const id = randomBytes(16).toString('hex')
  switch (index % 3) {
    case 0:
      return [`pos.${id}`, { 'x-request-id': `pos.${id}` }]
    case 1:
      return [id, { traceparent: `00-${id}-${randomBytes(8).toString('hex')}-01` }]
    default:
      return [null, {}]
  }
}
