import { fieldProblem } from '../api/parse.ts'
import { shorten } from '../api/wrong-fields.ts'

const remarksMax = 2_000

/** Fields beyond the known ones, as the text the ledger keeps with the session; null where there are none. */
export const remarksOf = (more: Readonly<Record<string, unknown>>): string | null => {
  const [first] = Object.keys(more)
  if (first === undefined) return null
  const remarks = JSON.stringify(more)
  if (remarks.length <= remarksMax) return remarks
  throw fieldProblem('FIELD_INVALID', [
    {
      field: shorten(first),
      sentence: `Las observaciones suman más de ${remarksMax} caracteres.`,
      detail: `los campos adicionales suman más de ${remarksMax} caracteres`,
    },
  ])
}
