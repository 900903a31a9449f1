import type { Catalogue, CatalogueMerchant, CatalogueOperator } from './catalogue.ts'

/** The differences between two catalogues, one line each: shops and operators that came, went or changed, and in which fields. */
export const catalogueChanges = (before: Catalogue, after: Catalogue): readonly string[] =>
  namesIn(before.merchants, after.merchants).flatMap((id) => {
    const [old, now] = [shopOf(before, id), shopOf(after, id)]
    if (old === undefined) return [`${id}: added`]
    if (now === undefined) return [`${id}: removed`]
    return shopChanges(id, old, now)
  })

const shopOf = ({ merchants }: Catalogue, id: string): CatalogueMerchant | undefined =>
  (merchants as Readonly<Record<string, CatalogueMerchant>>)[id]

const shopChanges = (
  id: string,
  { operators: before, ...old }: CatalogueMerchant,
  { operators: after, ...now }: CatalogueMerchant,
): readonly string[] => {
  const fields = fieldsThatDiffer(old, now)
  const [one, other] = [byName(before), byName(after)]
  return [
    ...(fields.length === 0 ? [] : [`${id}: ${fields.join(', ')} changed`]),
    ...namesIn(one, other).flatMap((name) => {
      const [operator, changed] = [one[name], other[name]]
      if (operator === undefined) return [`${id}/${name}: added`]
      if (changed === undefined) return [`${id}/${name}: removed`]
      const differing = fieldsThatDiffer(operator, changed)
      return differing.length === 0 ? [] : [`${id}/${name}: ${differing.join(', ')} changed`]
    }),
  ]
}

const byName = (
  operators: readonly CatalogueOperator[],
): Readonly<Record<string, CatalogueOperator>> =>
  Object.fromEntries(operators.map((operator) => [operator.nombre, operator]))

const namesIn = (...records: readonly object[]): readonly string[] => [
  ...new Set(records.flatMap((record) => Object.keys(record))),
]

/** Both sides were parsed by one schema, so equal values have equal texts. */
const fieldsThatDiffer = (one: object, other: object): readonly string[] =>
  namesIn(one, other).filter((field) => textOf(one, field) !== textOf(other, field))

const textOf = (value: object, field: string): string | undefined =>
  JSON.stringify((value as Record<string, unknown>)[field])
