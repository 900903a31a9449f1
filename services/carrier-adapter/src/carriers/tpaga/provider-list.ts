import type { AnswerBody } from '../../domain/call-result.ts'

const providersMax = 200

/**
 * The operators (slugs) the carrier lists, or null where its answer is no such list. Entries without a usable slug
 * are left out: one unreadable entry must not hide the others.
 */
export const offeredOf = (body: AnswerBody): string[] | null => {
  if (body.kind !== 'json') return null
  const list = ownField(body.value, 'service_providers')
  if (!Array.isArray(list)) return null
  const slugs = list.slice(0, providersMax).flatMap((entry: unknown) => {
    const slug = ownField(entry, 'slug')
    return typeof slug === 'string' && /^[\w.-]{1,20}$/.test(slug) ? [slug] : []
  })
  // A list without any operator would stop all sales: more likely it is wrong than true.
  return slugs.length === 0 ? null : [...new Set(slugs)]
}

const ownField = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined
