import { operationEntries, type MerchantId } from '@recargas/contracts'
import { accountId } from '../accounting/entities.ts'
import { saleOf, type AccountLine } from './account-lines.ts'
import type { ShiftSum } from './shift-report.ts'

export type ShiftSums = {
  /** Takes the session's lines in their order. */
  readonly add: (line: AccountLine) => void
  readonly all: () => readonly ShiftSum[]
}

/**
 * Adds a session's lines up by kind, operator and direction. Of its sales it remembers those alone that are held, so that a
 * long shift takes no more memory than a short one.
 */
export const createShiftSums = (merchant: MerchantId): ShiftSums => {
  const sums = new Map<string, ShiftSum>()
  const held = new Map<string, AccountLine>()
  return {
    add: (line) => {
      const sale = saleOf(line) ?? line.entry
      const entry = operationEntries.get(line.kind)
      if (line.kind === 'reserve') held.set(sale, line)
      else if (line.kind === 'commit') {
        addTo(sums, merchant, held.delete(sale) ? 'sale' : 'late-sale', line)
      }
      // Cash handed back is neither income nor outgo of the shift.
      else if (line.kind === 'release') held.delete(sale)
      else if (entry === undefined || entry.statement === null) {
        throw new Error(`a ${line.kind} entry moved cash: ${line.entry}`)
      } else addTo(sums, merchant, entry.kind, line)
    },
    all: () => {
      const pending = new Map<string, ShiftSum>()
      for (const line of held.values()) addTo(pending, merchant, 'pending', line)
      return [...sums.values(), ...pending.values()]
    },
  }
}

const addTo = (
  sums: Map<string, ShiftSum>,
  merchant: MerchantId,
  of: ShiftSum['of'],
  { operator, session, posted, incoming, entry, at }: AccountLine,
): void => {
  const isBefore = session === null
  const key = [of, operator ?? '', isBefore, posted < 0].join()
  const before = sums.get(key) ?? { count: 0, posted: 0, incoming: 0 }
  sums.set(key, {
    of,
    float: operator === null ? null : accountId(merchant, 'float', operator),
    isBefore,
    count: before.count + 1,
    posted: before.posted + posted,
    incoming: before.incoming + incoming,
    entry,
    at,
  })
}
