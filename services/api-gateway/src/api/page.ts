import { z } from 'zod'

/** A whole number above zero, as a query parameter. */
export const wholeParameter = (max?: number) =>
  z
    .string()
    .regex(/^[1-9]\d{0,14}$/)
    .transform(Number)
    .refine((whole) => max === undefined || whole <= max, `no debe ser mayor que ${max ?? ''}`)
    .meta({ type: 'integer', minimum: 1, maximum: max, pattern: undefined })

/** The header that names the page after this one; the query it was asked with stays. */
export const nextPageLink = (
  path: string,
  query: unknown,
  next: number | string | null,
  parameter = 'cursor',
): Readonly<Record<string, string>> => {
  if (next === null) return {}
  const asked = new URLSearchParams({
    ...(query as Record<string, string>),
    [parameter]: String(next),
  })
  return { link: `<${path}?${asked.toString()}>; rel="next"` }
}
