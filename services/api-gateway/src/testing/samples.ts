import {
  Catalogue,
  fingerprintOf,
  MerchantId,
  money,
  OperationId,
  type Bundle,
  type BundleOffer,
  type BundleQuote,
  type CarrierState,
  type CarrierStates,
  type DecisionView,
  type LedgerEvent,
  type OperationResult,
  type Refusal,
  type SessionView,
  type TopupView,
} from '@recargas/contracts'
import { tigoSale } from '@recargas/contracts/testing'
import { createShops } from '../catalogue/catalogue.ts'
import { serializeCommand, type SerializedCommand } from '../commands/serialize-command.ts'
import { openedSession } from '../openapi/examples/day.ts'
import { sold } from '../openapi/examples/operators.ts'

export const merchant = MerchantId.parse('principal')
export const operationId = OperationId.parse('0b9d2a3e-6a35-4d77-9d5c-2f4f3f9e1a11')
export const tigo = tigoSale.operator
export const namespace = '6f1f3c1a-1d0a-4b87-9c3e-8a7f5f0f2b01'

export const catalogue = Catalogue.parse({
  merchants: {
    principal: {
      currency: 'BOB',
      zona_horaria: 'America/La_Paz',
      codigo_pais: '591',
      operators: [
        { ...sold, nombre: 'Tigo', slug: 'tigo', proveedor_paquetes: '3' },
        { ...sold, nombre: 'Entel', slug: 'entel' },
      ],
    },
    bogota: {
      currency: 'COP',
      zona_horaria: 'America/Bogota',
      codigo_pais: '57',
      operators: [
        {
          ...sold,
          nombre: 'Movistar',
          slug: 'movistar',
          proveedor_paquetes: '30',
          patron_numero: '3[0-9]{9}',
          minimo: 100_000,
          maximo: 10_000_000,
          paso: 100,
          unidad_carrier: 100,
        },
      ],
    },
  },
})
export const shops = createShops(catalogue)

export const aTopup = (changes: Partial<TopupView> = {}): TopupView => ({
  topupId: operationId,
  id: 7,
  merchant,
  currency: 'BOB',
  sessionId: 1,
  userId: '2',
  operator: tigo,
  number: '78945612',
  amount: money(1_050),
  state: 'committed',
  requestedAt: '2026-01-05T12:00:00.000Z',
  updatedAt: '2026-01-05T12:00:01.000Z',
  ...changes,
})

/** A carrier that works, with changes. */
export const aCarrierStates = (changes: Partial<CarrierState> = {}) => {
  const good = { available: true, reason: null, breaker: 'closed' } as const
  return { tpaga: { ...good, bundles: good, offered: null, ...changes } } satisfies CarrierStates
}

export const aBundle: Bundle = { provider: '3', code: '024', name: '200 minutos' }

export const anOffer = (changes: Partial<BundleOffer> = {}): BundleOffer => ({
  ...aBundle,
  description: '200 min, 20 días',
  carrierAmount: 9_900,
  validity: '20 DÍAS',
  category: 'HABLAR',
  sku: '50015',
  ...changes,
})

export const aQuote = (changes: Partial<BundleQuote> = {}): BundleQuote => ({
  offer: anOffer(),
  enabled: true,
  ageSeconds: 12,
  stale: false,
  ...changes,
})

/** A sale in review, as an Administrador sees it. */
export const aTopupInReview = (changes: Partial<TopupView> = {}): TopupView =>
  aTopup({
    state: 'in-review',
    attempts: [
      {
        attempt: 1,
        startedAt: '2026-01-05T12:00:00.100Z',
        endedAt: '2026-01-05T12:00:08.100Z',
        row: 9,
        observed: 'timeout',
      },
    ],
    timeline: [
      { at: '2026-01-05T12:00:00.000Z', step: 'requested', by: '2' },
      { at: '2026-01-05T12:10:00.000Z', step: 'in-review' },
    ],
    ...changes,
  })

/** An Administrador's decision, still to be confirmed by another. */
export const aDecision = (changes: Partial<DecisionView> = {}): DecisionView => ({
  result: 'rejected',
  evidence: 'ticket 4711',
  note: 'el cliente no la recibió',
  by: '1',
  at: '2026-01-05T13:00:00.000Z',
  confirmedBy: null,
  isFinal: false,
  ...changes,
})

export const aSession = (changes: Partial<SessionView> = {}): SessionView => ({
  ...openedSession,
  cajaId: 3,
  ...changes,
})

/** A sale of {@link aTopup}, requested at `now`. */
export const aSale = (
  now: number,
  changes: { readonly number?: string; readonly confirmDuplicate?: boolean } = {},
): SerializedCommand =>
  serializeCommand(
    {
      type: 'RequestTopup.v1',
      data: {
        operationId,
        merchant,
        currency: 'BOB',
        actor: { userId: '2', username: 'ana', role: 'Operador' },
        requestedAt: new Date(now).toISOString(),
        acceptUntil: new Date(now + 10_000).toISOString(),
        keyed: true,
        shop: { timeZone: 'America/La_Paz', openingCount: 'record' },
        fingerprint: fingerprintOf({
          kind: 'RequestTopup',
          operator: 'Tigo',
          number: changes.number ?? '78945612',
          amount: 10.5,
          sessionId: 1,
        }),
        ...tigoSale,
        ...changes,
      },
    },
    { correlationId: `press-${now}` },
    now,
  )

const eventOf = (serialized: SerializedCommand, at: number) => ({
  specversion: '1.0' as const,
  id: `${serialized.operationId}:event`,
  source: 'ledger',
  subject: serialized.operationId,
  time: new Date(at).toISOString(),
  correlationid: serialized.command.correlationid,
  causationid: serialized.command.id,
})

const namesOf = ({ operationId: id, merchant: shop, fingerprint }: SerializedCommand) => ({
  operationId: id,
  merchant: shop,
  fingerprint,
})

export const settledEvent = (
  serialized: SerializedCommand,
  at: number,
  changes: Partial<TopupView> = {},
): LedgerEvent => ({
  ...eventOf(serialized, at),
  type: 'TopupSettled.v1',
  data: {
    ...aTopup({ topupId: serialized.operationId, ...soldBy(serialized), ...changes }),
    fingerprint: serialized.fingerprint,
  },
})

const soldBy = ({ command }: SerializedCommand): Partial<TopupView> => {
  if (command.type !== 'RequestTopup.v1' && command.type !== 'RequestBundle.v1') return {}
  const { sessionId, operator, number, amount } = command.data
  const bundle = command.type === 'RequestBundle.v1' ? { bundle: command.data.bundle } : {}
  return { sessionId, operator, number, amount, ...bundle }
}

export const refusedEvent = (
  serialized: SerializedCommand,
  at: number,
  refusal: Refusal,
): LedgerEvent => ({
  ...eventOf(serialized, at),
  type: 'FundsRefused.v1',
  data: { ...namesOf(serialized), refusal: { currency: 'BOB', ...refusal } },
})

/** Refuses by time every press whose `acceptUntil` is not later than that of `sealed`. */
export const expiredEvent = (serialized: SerializedCommand, at: number): LedgerEvent => ({
  ...eventOf(serialized, at),
  type: 'FundsRefused.v1',
  data: {
    ...namesOf(serialized),
    refusal: { code: 'EXPIRED', details: {} },
    acceptUntil: new Date(serialized.acceptUntil).toISOString(),
  },
})

export const appliedEvent = (
  serialized: SerializedCommand,
  at: number,
  result: OperationResult,
): LedgerEvent => ({
  ...eventOf(serialized, at),
  type: 'OperationApplied.v1',
  data: { ...namesOf(serialized), result },
})
