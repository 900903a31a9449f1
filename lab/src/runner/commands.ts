import { randomUUID } from 'node:crypto'
import type { Command } from '@recargas/contracts'

/** The fields before parsing. */
export type Unbranded<Data> = { readonly [Name in keyof Data]: unknown }
type DataOf<Type extends Command['type']> = Extract<Command, { type: Type }>['data']
/** The fields that every command has from its press. */
type PressField = keyof Command['data'] | 'currency' | 'shop'
type OwnData<Type extends Command['type']> = Unbranded<Omit<DataOf<Type>, PressField>>

export const envelopeOf = <Type extends string, Data>(id: string, type: Type, data: Data) => ({
  specversion: '1.0',
  id,
  source: 'lab',
  type,
  subject: id,
  time: new Date().toISOString(),
  correlationid: id,
  data,
})

/** A command as a gateway would publish it for a press of this moment; no gateway awaits its outcome. */
export const commandOf = <Type extends Command['type']>(
  type: Type,
  merchant: string,
  acceptForMs: number,
  own: OwnData<Type>,
) => {
  const operationId = randomUUID()
  const now = Date.now()
  const data = {
    operationId,
    merchant,
    currency: 'BOB',
    actor: { userId: '1', username: 'user-1', role: 'Administrador' },
    requestedAt: new Date(now).toISOString(),
    acceptUntil: new Date(now + acceptForMs).toISOString(),
    keyed: false,
    shop: { timeZone: 'America/La_Paz', openingCount: 'record' },
    fingerprint: 'A'.repeat(43),
    ...own,
  }
  return {
    ...envelopeOf(`${operationId}:${type.replace(/\.v\d+$/, '')}`, type, data),
    subject: operationId,
  }
}
