import {
  formatDecimal,
  type BalanceAt,
  type Currency,
  type StatementEntry,
  type StatementKind,
  type StatementPage,
} from '@recargas/contracts'

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
export const floatEntryRow = (entry: StatementEntry, currency: Currency) => ({
  ...common(entry),
  ...moved(entry, currency),
  saldo_reservado: formatDecimal(entry.after.reserved, currency),
  disponible: formatDecimal(entry.after.posted - entry.after.reserved, currency),
})

/** One entry of a session: the drawer's cash, and apart the cash that sales under way will bring in. */
export const sessionEntryRow = (entry: StatementEntry, currency: Currency) => ({
  ...common(entry),
  id_sesion_origen: entry.originSessionId,
  motivo: entry.reason,
  ...moved(entry, currency),
  pendiente: formatDecimal(entry.after.incoming, currency),
})

export type EntryRow = Readonly<Record<string, string | number | null>>
export type RowOf = (entry: StatementEntry, currency: Currency) => EntryRow

const commonColumns = ['fecha', 'tipo', 'referencia', 'id_transaccion', 'operadora']
const movedColumns = ['entrada', 'salida', 'saldo']
export const floatColumns = [...commonColumns, ...movedColumns, 'saldo_reservado', 'disponible']
export const sessionColumns = [
  ...commonColumns,
  'id_sesion_origen',
  'motivo',
  ...movedColumns,
  'pendiente',
]

/** A page, oldest first; `saldo_inicial` is the balance before its first entry, null for an empty page. */
export const statementBody = ({ currency, entries, next }: StatementPage, rowOf: RowOf) => {
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
