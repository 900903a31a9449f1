import type { CarrierName, Envelope, SaleKind } from '@recargas/contracts'

/** The carrier that a job is for, with the kind of the sale. */
export type CarrierAddress = { readonly carrier: CarrierName; readonly kind: SaleKind }

/** A message that leaves once its block is appended. */
export type OutgoingMessage = {
  readonly to: CarrierAddress | 'gateways'
  readonly id: string
  readonly type: string
  readonly correlationId: string
  /** The envelope, serialised once. */
  readonly body: string
  /** Id of the span that the message belongs to. */
  readonly span?: string | undefined
}

type Step = {
  readonly subject: string
  readonly step: string
  readonly at: number
  /** Absent: no request caused it. */
  readonly correlationId?: string
}

/** The envelope of a step of its subject, without the data: published again it has the same id. */
export const frameOf = <Type extends string>(
  type: Type,
  { subject, step, at, correlationId = `${subject}:${step}` }: Step,
) => ({
  specversion: '1.0' as const,
  id: `${subject}:${step}`,
  source: 'ledger',
  type,
  subject,
  time: new Date(at).toISOString(),
  correlationid: correlationId,
})

export const outgoingMessage = (
  to: OutgoingMessage['to'],
  envelope: Envelope<string, unknown>,
): OutgoingMessage => ({
  to,
  id: envelope.id,
  type: envelope.type,
  correlationId: envelope.correlationid,
  body: JSON.stringify(envelope),
})
