import { assertNever, formatDecimal, shopTimeOf, type TopupView } from '@recargas/contracts'
import { maskNumber } from '@recargas/runtime'
import { currencySymbols } from '../commands/refusal.ts'
import { problemTable } from '../api/problem-table.ts'
import { factsOf } from './sale-body.ts'

/** A receipt's content, whatever it is printed on. Every text is one line of plain characters. */
export type Receipt = {
  readonly shop: string
  readonly title: string
  /** In large letters: anything but sold. */
  readonly mark: string | null
  readonly note: string
  readonly rows: readonly (readonly [label: string, value: string])[]
}

export type ReceiptSettings = {
  readonly shopName: string
  readonly timeZone: string
  /** Shows the last two digits of the number alone. */
  readonly masksNumber: boolean
}

/** The receipt of a sale as it stands now. */
export const receiptOf = (
  topup: TopupView,
  { shopName, timeZone, masksNumber }: ReceiptSettings,
): Receipt => {
  const { bundle, operator, number, amount, currency, id, topupId } = topup
  const optional = (label: string, value: string | undefined): Receipt['rows'] =>
    value === undefined ? [] : [[label, value]]
  const rows: Receipt['rows'] = [
    ['Fecha', localTime(Date.parse(topup.requestedAt), timeZone)],
    ['Operadora', operator],
    ...optional('Paquete', bundle?.name),
    ['Número', masksNumber ? maskNumber(number) : number],
    ['Monto', `${currencySymbols[currency]} ${formatDecimal(amount, currency)}`],
    ['Venta', String(id)],
    ...optional('Autorización', authorizationOf(topup)),
    ['Transacción', topupId],
  ]
  return {
    shop: plain(shopName),
    title: bundle === undefined ? 'Recibo de recarga' : 'Recibo de paquete',
    ...standingOf(topup),
    rows: rows.map(([label, value]) => [label, plain(value)]),
  }
}

const standingOf = (topup: TopupView): Pick<Receipt, 'mark' | 'note'> => {
  switch (topup.state) {
    case 'committed':
      return { mark: null, note: 'Vendida' }
    case 'reserved':
      return { mark: 'PENDIENTE', note: 'La operadora todavía no respondió. Guarde este recibo.' }
    case 'in-review':
      return {
        mark: 'PENDIENTE',
        note: 'La venta está en revisión: una persona decide si se vendió. Guarde este recibo.',
      }
    case 'released': {
      const code = topup.releaseReason ?? 'CARRIER_REJECTED'
      return { mark: 'NO VENDIDA', note: plain(problemTable[code].message(factsOf(topup))) }
    }
    default:
      return assertNever(topup.state)
  }
}

/** The carrier's own id of the sale; for one that a person carried out, the code that the phone showed. */
const authorizationOf = ({ state, attempts = [], decision }: TopupView): string | undefined => {
  if (state !== 'committed') return undefined
  const reference = attempts.findLast((attempt) => attempt.reference !== undefined)?.reference
  if (reference !== undefined) return reference
  return decision?.isFinal === true && decision.result === 'authorized'
    ? decision.evidence.slice(0, evidenceMax)
    : undefined
}

const evidenceMax = 60

/** As a person of the shop writes it: `28/11/2026 20:30:00`. */
const localTime = (instant: number, timeZone: string): string => {
  const [day = '', time = ''] = shopTimeOf(instant, timeZone).split(' ')
  return `${day.split('-').reverse().join('/')} ${time}`
}

/** No character of a name may move a printer, or hide. */
const plain = (text: string): string => text.replaceAll(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ').trim()
