import {
  Currency,
  toDecimalNumber,
  type DayReport,
  type DaySum,
  type TopupState,
} from '@recargas/contracts'
import { z } from 'zod'
import { DayField } from '../api/period.ts'
import { parseQuery } from '../api/parse.ts'
import { administratorOnly, type Route } from '../api/route.ts'
import { DecimalNumber, WireId } from '../api/wire.ts'
import { SessionAnswer, sessionRow } from '../cash/session-body.ts'
import type { Shops } from '../catalogue/catalogue.ts'
import type { StatementReads } from './ports.ts'

const Sum = z.strictObject({ cantidad: z.int().nonnegative(), monto: DecimalNumber })
const sums = {
  vendidas: Sum,
  pendientes: Sum,
  en_revision: Sum,
  rechazadas: Sum.meta({ description: 'not sold: `monto` is what was asked for' }),
}

export const DayAnswer = z
  .strictObject({
    fecha: z.iso.date(),
    moneda: Currency,
    zona_horaria: z.string(),
    posicion: z.int().meta({ description: 'newest block of the ledger that the figures cover' }),
    ...sums,
    por_operadora: z.array(z.strictObject({ operadora: z.string(), ...sums })),
    por_caja: z.array(z.strictObject({ id_caja: WireId, ...sums })),
    por_hora: z.array(z.strictObject({ hora: z.int(), ...sums })),
    sesiones: z
      .array(SessionAnswer)
      .meta({ description: 'sessions that were open in that day, oldest first' }),
  })
  .meta({ id: 'Dia' })

export const DayParams = z.strictObject({
  fecha: DayField.meta({
    description: 'a day at the shop, by its `zona_horaria`',
    examples: ['2026-11-28'],
  }),
})

/** GET /dias/:fecha: the sales of one day of the shop, added up. */
export const dayRoute = ({
  reads,
  shops,
}: {
  readonly reads: StatementReads
  readonly shops: Shops
}): Route => ({
  method: 'get',
  path: '/dias/:fecha',
  roles: administratorOnly,
  contract: {
    summary: 'A day of the shop: its sales by operator, caja and hour, and its sessions',
    description:
      'A sale is of the day on which it was taken, whenever it settles; the hours are those of the shop’s clock.',
    params: DayParams,
    replies: [{ status: 200, says: 'the day', body: DayAnswer }],
    problems: ['MERCHANT_NOT_CONFIGURED', 'QUERY_INVALID', 'LEDGER_UNAVAILABLE'],
  },
  answer: async ({ principal: { merchant }, params }) => {
    const { fecha } = parseQuery(DayParams, params)
    const { currency, settings } = shops.of(merchant)
    const { timeZone } = settings
    const report = await reads.dayReport(merchant, fecha, { timeZone })
    return { status: 200, body: dayBody(report, { currency, timeZone }) }
  },
})

type Of = { readonly currency: Currency; readonly timeZone: string }

export const dayBody = (
  { day, position, sums: all, sessions }: DayReport,
  { currency, timeZone }: Of,
): z.infer<typeof DayAnswer> => {
  const added = (some: readonly DaySum[]) => addedUp(some, currency)
  return {
    fecha: day,
    moneda: currency,
    zona_horaria: timeZone,
    posicion: position,
    ...added(all),
    por_operadora: by(all, ({ operator }) => operator, byText).map(([operadora, some]) => ({
      operadora,
      ...added(some),
    })),
    por_caja: by(all, ({ cajaId }) => cajaId, byNumber).map(([id_caja, some]) => ({
      id_caja,
      ...added(some),
    })),
    por_hora: by(all, ({ hour }) => hour, byNumber).map(([hora, some]) => ({
      hora,
      ...added(some),
    })),
    sesiones: sessions.map(sessionRow) as z.infer<typeof SessionAnswer>[],
  }
}

const byText = (one: string, other: string) => one.localeCompare(other)
const byNumber = (one: number, other: number) => one - other

const by = <Key>(
  all: readonly DaySum[],
  keyOf: (sum: DaySum) => Key,
  order: (one: Key, other: Key) => number,
): (readonly [Key, readonly DaySum[]])[] =>
  [...new Set(all.map(keyOf))]
    .sort(order)
    .map((key) => [key, all.filter((sum) => keyOf(sum) === key)])

const addedUp = (some: readonly DaySum[], currency: Currency) => {
  const of = (state: TopupState) => {
    const sum = { count: 0, amount: 0 }
    for (const each of some.filter((candidate) => candidate.state === state)) {
      sum.count += each.count
      sum.amount += each.amount
    }
    return { cantidad: sum.count, monto: toDecimalNumber(sum.amount, currency) }
  }
  return {
    vendidas: of('committed'),
    pendientes: of('reserved'),
    en_revision: of('in-review'),
    rechazadas: of('released'),
  }
}
