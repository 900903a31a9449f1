import type { Topup } from '../domain/entities.ts'
import type { OutboxMessage } from '../log/ports.ts'
import { topupView } from './topup-view.ts'

/** Tells every gateway how a top-up ended. */
export const topupSettled = (topup: Topup, at: number): OutboxMessage => {
  const id = `${topup.id}:settled:${topup.state}`
  return {
    to: 'gateways',
    id,
    type: 'TopupSettled.v1',
    correlationId: topup.correlationId,
    body: JSON.stringify({
      specversion: '1.0',
      id,
      source: 'ledger',
      type: 'TopupSettled.v1',
      subject: topup.id,
      time: new Date(at).toISOString(),
      correlationid: topup.correlationId,
      data: { ...topupView(topup), fingerprint: topup.fingerprint },
    }),
  }
}
