import type { CaseBook, Cases } from './ports.ts'

/** A case is open, whatever later runs find, until a named person closes it. Closing moves no money. */
export const createCases = (book: CaseBook, now: () => number): Cases => ({
  list: book.list,
  find: book.find,
  close: async (id, { by, reason, merchant }) => {
    const found = await book.find(id)
    // A case of another shop is none of the shop that asks.
    if (found === null || (merchant ?? found.merchant) !== found.merchant)
      return { kind: 'unknown' }
    const closing = { by, reason, at: new Date(now()).toISOString() }
    if (found.closing === null && (await book.close(found, closing))) {
      return { kind: 'closed', case: { ...found, closing } }
    }
    const stands = (await book.find(id)) ?? found
    const isRepeat = stands.closing?.by === by && stands.closing.reason === reason
    return { kind: isRepeat ? 'closed' : 'closed-before', case: stands }
  },
})
