import { minorOf } from '../language/format.ts'

const piecesMax = 100_000

/** Notes or coins of one value. */
export type Counted = { readonly valor: number; readonly cantidad: number }

/** The texts of the fields, by the value of the note. */
export type CountTexts = Readonly<Record<string, string>>

/** @returns null for a text that is no number of notes; an empty one is none of them */
export const readPieces = (text: string): number | null => {
  const trimmed = text.trim()
  if (trimmed === '') return 0
  if (!/^\d{1,6}$/.test(trimmed)) return null
  const pieces = Number(trimmed)
  return pieces > piecesMax ? null : pieces
}

/** @returns the notes that were counted, the largest first; null where a field is wrong */
export const readCount = (
  values: readonly number[],
  texts: CountTexts,
): readonly Counted[] | null => {
  const counted = values.map((valor) => ({ valor, cantidad: readPieces(texts[valor] ?? '') }))
  if (counted.some(({ cantidad }) => cantidad === null)) return null
  return counted.flatMap(({ valor, cantidad }) =>
    cantidad === null || cantidad === 0 ? [] : [{ valor, cantidad }],
  )
}

/** Minor units. */
export const sumOf = (counted: readonly Counted[]): number =>
  counted.reduce((sum, { valor, cantidad }) => sum + minorOf(valor) * cantidad, 0)
