import { randomUUID } from 'node:crypto'
import {
  money,
  type Actor,
  type Command,
  type MerchantId,
  type OperationId,
} from '@recargas/contracts'
import { inboundOf, type InboundOperation } from '../log/inbound-operation.ts'

/** The terms of every writer here. The commands are made before they are sent: none may come too late. */
export const terms = {
  policy: { duplicateWindowMs: 120_000 },
  acceptWindowMs: 3_600_000,
  clockSkewMs: 2_000,
}

/** Both messages of one sale, as the writer receives them when the carrier authorizes at once. */
export type Sale = { readonly request: InboundOperation; readonly verdict: InboundOperation }

export type Workload = {
  readonly merchant: MerchantId
  /** A caja, its session and float that no run spends. */
  readonly opening: readonly InboundOperation[]
  readonly sale: (at: number) => Sale
}

const cashier: Actor = { userId: '2', username: 'bench', role: 'Administrador' }
const cash = 900_000_000_000
const float = 800_000_000_000
const amount = 10
const firstNumber = 60_000_000
const numbers = 30_000_000
const carrierMs = 20
/** No key, so that no comparison takes place. */
const fingerprint = 'A'.repeat(43)
const operator = 'Tigo' as Extract<Command, { type: 'InjectFloat.v1' }>['data']['operator']

/** Sales of one shop on one float, each to another number. `now` is when the shop opens. */
export const workloadOf = (merchant: MerchantId, now: number): Workload => {
  let sold = 0
  const base = (at: number) => ({
    operationId: randomUUID() as OperationId,
    merchant,
    currency: 'BOB' as const,
    actor: cashier,
    requestedAt: new Date(at).toISOString(),
    acceptUntil: new Date(at + terms.acceptWindowMs).toISOString(),
    keyed: false,
    shop: { timeZone: 'America/La_Paz', openingCount: 'record' as const },
    fingerprint,
  })
  const opening = [
    commandInbound('CreateCaja.v1', now, {
      ...base(now),
      name: 'Caja 01',
      specialty: 'MIXTA',
      balance: money(cash),
    }),
    commandInbound('OpenSession.v1', now, { ...base(now), cajaId: 1, userId: cashier.userId }),
    commandInbound('InjectFloat.v1', now, {
      ...base(now),
      sessionId: 1,
      operator,
      amount: money(float),
    }),
  ]
  const sale = (at: number): Sale => {
    sold += 1
    const data = {
      ...base(at),
      sessionId: 1,
      operator,
      carrier: 'tpaga' as const,
      slug: 'tigo',
      number: String(firstNumber + (sold % numbers)),
      amount: money(amount),
      carrierAmount: amount,
      confirmDuplicate: false,
    }
    return {
      request: commandInbound('RequestTopup.v1', at, data),
      verdict: verdictInbound(merchant, data.operationId, at),
    }
  }
  return { merchant, opening, sale }
}

const commandInbound = <Type extends Command['type']>(
  type: Type,
  at: number,
  data: Extract<Command, { type: Type }>['data'],
): InboundOperation => inboundOf({ ...envelope(type, data.operationId, at), data } as Command)

const verdictInbound = (merchant: MerchantId, topupId: OperationId, at: number): InboundOperation =>
  inboundOf({
    ...envelope('CarrierVerdict.v1', topupId, at),
    data: {
      topupId,
      merchant,
      verdict: 'authorized',
      attempts: [
        {
          attempt: 1,
          startedAt: new Date(at).toISOString(),
          endedAt: new Date(at + carrierMs).toISOString(),
          row: 1,
          observed: '200 authorized',
          httpStatus: 200,
          carrierStatus: 'authorized',
          resultCode: '00',
        },
      ],
    },
  })

const envelope = <Type extends string>(type: Type, id: string, at: number) => ({
  specversion: '1.0' as const,
  id: `${id}:${type}`,
  source: 'bench',
  type,
  subject: id,
  time: new Date(at).toISOString(),
  correlationid: id,
})
