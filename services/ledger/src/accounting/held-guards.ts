import type { Bundle, MerchantId, OperationId } from '@recargas/contracts'
import type { Recent, Topup } from './entities.ts'

export type Guarded = {
  readonly merchant: MerchantId
  readonly phone: string
  readonly amount: number
  readonly bundle: Bundle | null
}
/** A package is another sale than a top-up of the same price. */
export const topupGuardKey = ({ merchant, phone, amount, bundle }: Guarded): string =>
  bundle === null
    ? `${merchant}|topup|${phone}|${amount}`
    : `${merchant}|bundle|${phone}|${bundle.provider}|${bundle.code}`
export const injectionGuardKey = (
  merchant: MerchantId,
  sessionId: number,
  operator: string,
  amount: number,
): string => `${merchant}|injection|${sessionId}|${operator}|${amount}`

/** States of a sale without an outcome. */
export const heldStates = ['reserved', 'in-review'] as const satisfies readonly Topup['state'][]

export const isHeld = ({ state }: Pick<Topup, 'state'>): boolean =>
  heldStates.some((held) => held === state)

export type HeldChange = readonly [key: string, held: readonly Recent[]]
type HeldOf = (key: string) => readonly Recent[]

/** The held sales of a guard's key, after this one changed; none where its change makes no difference to them. */
export const heldAfter = (heldOf: HeldOf, topup: Topup): readonly HeldChange[] => {
  const key = topupGuardKey(topup)
  const held = heldOf(key)
  const isListed = held.some(({ operationId }) => operationId === topup.id)
  if (isHeld(topup) === isListed) return []
  if (isListed) return [[key, held.filter(({ operationId }) => operationId !== topup.id)]]
  return [[key, [...held, { operationId: topup.id, number: topup.number, at: topup.reservedAt }]]]
}

type HeldSale = Guarded & {
  readonly id: OperationId
  readonly number: number
  readonly reservedAt: number
}

/** The guards of all held sales of a partition, as a takeover reads them. In any order. */
export const heldGuardsOf = (sales: readonly HeldSale[]): readonly HeldChange[] => {
  const guards = new Map<string, Recent[]>()
  // A key belongs to one merchant, and its sequence rises in the order of reservation.
  for (const sale of [...sales].sort((one, other) => one.number - other.number)) {
    const key = topupGuardKey(sale)
    const recent = { operationId: sale.id, number: sale.number, at: sale.reservedAt }
    guards.set(key, [...(guards.get(key) ?? []), recent])
  }
  return [...guards]
}
