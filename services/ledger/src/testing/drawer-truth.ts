import type { Session } from '../accounting/entities.ts'
import type { Entry, EntryKind, Line } from '../accounting/journal.ts'
import { merchant } from './builders.ts'

/** An entry with its outcome, from `apply` or read back from the log. */
type Answered = { readonly entry: Entry; readonly outcome: unknown }

const countKinds: ReadonlySet<EntryKind> = new Set([
  'open-session',
  'close-session',
  'hand-over-session',
  'change-caja',
  'correct-count',
])

type SessionOutcome = {
  readonly result?: { readonly session?: Session; readonly closed?: Session }
}

const isClosing = (kind: EntryKind): boolean =>
  kind === 'close-session' || kind === 'hand-over-session'

const countOf = ({ entry, outcome }: Answered) => {
  const { result } = outcome as SessionOutcome
  const session = result?.closed ?? result?.session
  // A correction is no count of its own: it adds to the differences that the next count is explained by.
  if (session === undefined || entry.kind === 'correct-count') return null
  return isClosing(entry.kind)
    ? { counted: session.counted, difference: session.difference }
    : { counted: session.openingCounted, difference: session.openingDifference }
}

/**
 * Follows one drawer's cash by its inflows and outflows, pending cash included. Every count must equal the flows plus all
 * differences so far: each mistake is over or short exactly once.
 * @returns the faults
 */
export const countFaults = (entries: readonly Answered[], cajaId = 1): string[] => {
  const faults: string[] = []
  let flows = 0
  let differences = 0
  for (const answered of entries) {
    const { entry } = answered
    const drawer = entry.lines.find((line) => isDrawer(line, cajaId))
    if (!countKinds.has(entry.kind)) {
      flows += (drawer?.posted ?? 0) + (drawer?.incoming ?? 0)
      continue
    }
    const overShort = entry.lines.find(({ account }) => account === `${merchant}/over-short`)
    const booked = 0 - (overShort?.posted ?? 0)
    differences += booked
    const count = countOf(answered)
    if (count?.counted == null) continue
    if (count.difference !== booked) {
      faults.push(`${entry.id}: difference ${count.difference ?? 'null'}, booked ${booked}`)
    }
    if (flows + differences !== count.counted) {
      faults.push(`${entry.id}: counted ${count.counted}, explained ${flows + differences}`)
    }
  }
  return faults
}

const isDrawer = ({ account }: Line, cajaId: number): boolean =>
  account === `${merchant}/drawer/${cajaId}`

/**
 * Assigns every change of a drawer to one session: its own, or between two sessions the next.
 * @returns the faults: a change in two sessions or out of order, or a session whose figures are not the sum of its changes
 */
export const shiftFaults = (
  entries: readonly { readonly entry: Entry }[],
  sessions: readonly Session[],
  cajaId = 1,
): string[] => {
  const faults: string[] = []
  const ofCaja = sessions.filter((session) => session.cajaId === cajaId)
  let turn = 0
  const opened = new Map<number, number>()
  const moved = new Map<number, number>()
  for (const { entry } of entries) {
    for (const line of entry.lines.filter((each) => isDrawer(each, cajaId))) {
      const owners = ofCaja.filter(({ id, previous }) =>
        line.session === null ? previous === entry.sessionId : id === line.session,
      )
      // After the last closing no session answers yet: the next opening will.
      if (owners.length === 0 && line.session === null) continue
      const [owner] = owners
      if (owner === undefined || owners.length > 1) {
        faults.push(`${entry.id} is in ${owners.length} shifts`)
        continue
      }
      if (owner.id < turn)
        faults.push(`${entry.id} comes after session ${turn} and is ${owner.id}’s`)
      turn = owner.id
      const isOpening = line.session === null || entry.kind === 'open-session'
      if (isOpening) opened.set(owner.id, line.after.posted)
      else if (!isClosing(entry.kind)) {
        moved.set(owner.id, (moved.get(owner.id) ?? 0) + line.posted)
      }
    }
  }
  for (const { id, opening, income, outgo } of ofCaja) {
    const before = opened.get(id)
    if (before !== undefined && before !== opening) {
      faults.push(`session ${id} opens with ${opening}, its entries with ${before}`)
    }
    if (income - outgo !== (moved.get(id) ?? 0)) {
      faults.push(`session ${id} moved ${income - outgo}, its entries ${moved.get(id) ?? 0}`)
    }
  }
  return faults
}
