import type { FundsReserved, FundsReservedMessage } from '@recargas/contracts'
import type { Topup } from '../domain/entities.ts'
import type { OutboxMessage } from '../log/ports.ts'

/**
 * The carrier's job for a top-up whose money is held. Said again it is the question "what became of it?": the same
 * id, so that nobody takes it for another sale.
 */
export const fundsReserved = (topup: Topup): OutboxMessage => {
  const envelope: FundsReservedMessage = {
    specversion: '1.0',
    id: `${topup.id}:reserved`,
    source: 'ledger',
    type: 'FundsReserved.v1',
    subject: topup.id,
    time: new Date(topup.reservedAt).toISOString(),
    correlationid: topup.correlationId,
    data: saleOf(topup),
  }
  return {
    to: adapterFor(topup),
    id: envelope.id,
    type: envelope.type,
    correlationId: topup.correlationId,
    body: JSON.stringify(envelope),
  }
}

/** What the carrier is asked to sell. */
export const saleOf = (topup: Topup): FundsReserved => ({
  topupId: topup.id,
  merchant: topup.merchant,
  operator: topup.operator,
  carrier: topup.carrier,
  slug: topup.slug,
  number: topup.phone,
  amount: topup.amount,
  carrierAmount: topup.carrierAmount,
  requestedAt: new Date(topup.requestedAt).toISOString(),
  ...(topup.bundle === null ? {} : { bundle: topup.bundle }),
})

/** Bundles have a queue of their own: slow purchases of them never hold up a top-up. */
export const adapterFor = ({ bundle }: Topup) =>
  bundle === null ? ('adapter/topups' as const) : ('adapter/bundles' as const)
