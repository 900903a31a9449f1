import { Problem } from '../edge/problem.ts'

const remarksMax = 2_000

/** Fields beyond the known ones, as the text the ledger keeps with the session; null where there are none. */
export const remarksOf = (more: Readonly<Record<string, unknown>>): string | null => {
  if (Object.keys(more).length === 0) return null
  const remarks = JSON.stringify(more)
  if (remarks.length <= remarksMax) return remarks
  throw new Problem(
    'FIELD_INVALID',
    {},
    {
      message: [`los campos adicionales suman más de ${remarksMax} caracteres`],
      members: { campo: Object.keys(more)[0]?.slice(0, 60) ?? null },
    },
  )
}
