import type { CloseTopupMessage } from '@recargas/contracts'
import type { Topup } from '../domain/entities.ts'
import type { OutboxMessage } from '../log/ports.ts'
import { adapterFor, saleOf } from './reserve-topup.ts'

/** Asks the adapter to let no attempt start any more; its acknowledgement settles what a person decided. */
export const closeTopup = (topup: Topup): OutboxMessage => {
  const envelope: CloseTopupMessage = {
    specversion: '1.0',
    id: `${topup.id}:close`,
    source: 'ledger',
    type: 'CloseTopup.v1',
    subject: topup.id,
    time: new Date(topup.updatedAt).toISOString(),
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
