import type { CarrierJob, FundsReserved, LedgerEvent } from '@recargas/contracts'
import type { Topup } from '../accounting/entities.ts'
import { frameOf, outgoingMessage, type OutgoingMessage } from '../accounting/outgoing-message.ts'
import { topupView } from './sale-view.ts'

/**
 * The carrier's job for a top-up whose money is held. Publishing it again asks for the outcome: it has the same id, so that no
 * consumer takes it for another sale.
 */
export const fundsReserved = (topup: Topup): OutgoingMessage =>
  jobOf(topup, 'FundsReserved.v1', { step: 'reserved', at: topup.reservedAt })

type Step = { readonly step: string; readonly at: number }

const jobOf = (topup: Topup, type: CarrierJob['type'], step: Step): OutgoingMessage => {
  const { id: subject, correlationId, carrier, bundle } = topup
  const frame = frameOf(type, { subject, correlationId, ...step })
  const envelope: CarrierJob = { ...frame, data: saleOf(topup) }
  return outgoingMessage({ carrier, kind: bundle === null ? 'topup' : 'bundle' }, envelope)
}

/** The sale that the carrier is asked for. */
const saleOf = (topup: Topup): FundsReserved => ({
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
  ...(topup.terms === undefined ? {} : { terms: topup.terms }),
})

/** Asks the adapter to start no further attempt; its acknowledgement settles a person's decision. */
export const closeTopup = (topup: Topup): OutgoingMessage =>
  jobOf(topup, 'CloseTopup.v1', { step: 'close', at: topup.updatedAt })

/** The time of an event, and the position of a block from which on reads show its outcome. */
export type Stamp = { readonly at: number; readonly position: number }

/** Tells every gateway how a top-up ended. */
export const topupSettled = (topup: Topup, { at, position }: Stamp): OutgoingMessage => {
  const { id: subject, correlationId, state } = topup
  const event: Extract<LedgerEvent, { type: 'TopupSettled.v1' }> = {
    ...frameOf('TopupSettled.v1', { subject, step: `settled:${state}`, at, correlationId }),
    data: { ...topupView(topup), fingerprint: topup.fingerprint, position },
  }
  return outgoingMessage('gateways', event)
}
