import type { Row } from './problem-row.ts'

const whose: Readonly<Record<string, string>> = {
  cashier: 'del cajero',
  number: 'del número',
  operator: 'de la operadora',
}

/** A shop's limit for one day; the same sale may be made tomorrow. */
export const limitReached: Row = {
  status: 422,
  title: 'Límite diario alcanzado',
  message: ({ limit, of, max, symbol }) => {
    const most = of === 'amount' ? `${symbol ?? ''} ${max ?? '?'}` : `${max ?? '?'} ventas`
    return `Se alcanzó el límite diario ${whose[limit ?? ''] ?? 'de ventas'}: ${most}. No se vendió.`
  },
}
