import { randomBytes } from 'node:crypto'
import { onTills } from '../runner/load.ts'
import { expectStatus, newNumber, type Shop } from '../till/shop.ts'

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
  let begun = 0
  const goesOn = () => begun < sales
  await onTills(tills, goesOn, async () => {
    const [sent, headers] = traceOf(begun)
    begun += 1
    const { body, headers: answer } = await expectStatus(201, shop.sell(newNumber(), 1, headers))
    sold.push({
      topupId: String(body['id_transaccion']),
      sent,
      answered: answer.get('x-request-id') ?? '',
    })
    onSold(sold.length)
  })
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
