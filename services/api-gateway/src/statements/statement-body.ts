import {
  formatDecimal,
  type BalanceAt,
  Currency,
  type StatementEntry,
  type StatementKind,
  type StatementPage,
} from '@recargas/contracts'
import { z } from 'zod'
import { DecimalText, InstantText, WireId } from '../api/wire.ts'

/** The POS's name of an entry's kind. Cash of an earlier session's sale is income, with its origin named. */
export const kindWords = {
  hold: 'RESERVA',
  sale: 'VENTA',
  'late-sale': 'INGRESO',
  release: 'LIBERACION',
  injection: 'INYECCION',
  'cash-in': 'INGRESO',
  'cash-out': 'EGRESO',
  opening: 'APERTURA',
  closing: 'CIERRE',
  correction: 'CORRECCION',
} as const satisfies Record<StatementKind, string>

const commonFields = {
  fecha: InstantText,
  tipo: z.enum([...new Set(Object.values(kindWords))]),
  referencia: WireId.nullable(),
  id_transaccion: z.uuid(),
  operadora: z.string().nullable(),
  entrada: DecimalText,
  salida: DecimalText,
  saldo: DecimalText,
}

const pageOf = <Row extends z.ZodType>(row: Row) =>
  z.strictObject({
    moneda: Currency,
    saldo_inicial: DecimalText.nullable().meta({
      description: 'balance before the first entry; null without entries',
    }),
    movimientos: z.array(row),
    cursor_siguiente: z.string().nullable(),
  })

export const SessionStatementAnswer = pageOf(
  z.strictObject({
    ...commonFields,
    id_sesion_origen: WireId.nullable(),
    motivo: z.string().nullable(),
    pendiente: DecimalText,
  }),
).meta({ id: 'ExtractoDeSesion' })

export const FloatStatementAnswer = pageOf(
  z.strictObject({ ...commonFields, saldo_reservado: DecimalText, disponible: DecimalText }),
).meta({ id: 'ExtractoDeOperadora' })

export const BalanceAtAnswer = z
  .strictObject({
    en: InstantText,
    moneda: Currency,
    saldo: DecimalText,
    saldo_reservado: DecimalText,
    disponible: DecimalText,
    pendiente: DecimalText,
  })
  .meta({ id: 'SaldoEnInstante', description: 'with `en`: what was held at that instant' })

const common = ({ at, kind, number, operationId, operator }: StatementEntry) => ({
  fecha: at,
  tipo: kindWords[kind],
  referencia: number,
  id_transaccion: operationId,
  operadora: operator,
})

const moved = ({ change, after }: StatementEntry, currency: Currency) => ({
  entrada: formatDecimal(Math.max(change.posted, 0), currency),
  salida: formatDecimal(Math.max(-change.posted, 0), currency),
  saldo: formatDecimal(after.posted, currency),
})

/** One entry of a float: its balance, the part reserved by sales under way, and the part available. */
const floatEntryRow = (entry: StatementEntry, currency: Currency) => ({
  ...common(entry),
  ...moved(entry, currency),
  saldo_reservado: formatDecimal(entry.after.reserved, currency),
  disponible: formatDecimal(entry.after.posted - entry.after.reserved, currency),
})

/** One entry of a session: the drawer's cash, and apart the cash that sales under way will bring in. */
const sessionEntryRow = (entry: StatementEntry, currency: Currency) => ({
  ...common(entry),
  id_sesion_origen: entry.originSessionId,
  motivo: entry.reason,
  ...moved(entry, currency),
  pendiente: formatDecimal(entry.after.incoming, currency),
})

/** The entries of one kind of statement as rows. */
export type StatementTable = {
  readonly columns: readonly string[]
  readonly rowOf: (
    entry: StatementEntry,
    currency: Currency,
  ) => Readonly<Record<string, string | number | null>>
}

const commonColumns = ['fecha', 'tipo', 'referencia', 'id_transaccion', 'operadora']
const movedColumns = ['entrada', 'salida', 'saldo']
export const floatTable: StatementTable = {
  columns: [...commonColumns, ...movedColumns, 'saldo_reservado', 'disponible'],
  rowOf: floatEntryRow,
}
export const sessionTable: StatementTable = {
  columns: [...commonColumns, 'id_sesion_origen', 'motivo', ...movedColumns, 'pendiente'],
  rowOf: sessionEntryRow,
}

/** A page, oldest first; `saldo_inicial` is the balance before its first entry, null for an empty page. */
export const statementBody = (
  { currency, entries, next }: StatementPage,
  { rowOf }: StatementTable,
) => {
  const [first] = entries
  return {
    moneda: currency,
    saldo_inicial:
      first === undefined
        ? null
        : formatDecimal(first.after.posted - first.change.posted, currency),
    movimientos: entries.map((entry) => rowOf(entry, currency)),
    cursor_siguiente: next,
  }
}

export const balanceBody = ({ currency, at, posted, reserved, incoming }: BalanceAt) => ({
  en: at,
  moneda: currency,
  saldo: formatDecimal(posted, currency),
  saldo_reservado: formatDecimal(reserved, currency),
  disponible: formatDecimal(posted - reserved, currency),
  pendiente: formatDecimal(incoming, currency),
})
