import type { BundleOrder, Sale, SaleOutcome, TopupOrder } from '@recargas/client'

export type Goods =
  | { readonly kind: 'topup'; readonly order: TopupOrder }
  | { readonly kind: 'bundle'; readonly order: BundleOrder; readonly name: string }

/** The sale that a repeated one resembles. */
export type Question = { readonly message: string | null; readonly state: string | null }

/** One press of "Cobrar", kept until its outcome is known. Its key is never used for another sale. */
export type Press = {
  readonly key: string
  /** The person who pressed: nobody else can continue it. */
  readonly owner: string
  readonly goods: Goods
  readonly pressedAt: number
  /** The cashier said that it is another sale. */
  readonly isConfirmed: boolean
  /** Null until the gateway has named the sale. */
  readonly saleId: string | null
  /** Not null while the cashier is asked. Nothing is sent meanwhile. */
  readonly question: Question | null
  /** Time of the last answer, or of the last attempt. */
  readonly askedAt: number
  /** The token was refused at each attempt, so that nothing was sold. */
  readonly isDenied: boolean
}

/** The state of a press for the cashier. */
export type Shown =
  | { readonly kind: 'sending'; readonly press: Press }
  | { readonly kind: 'sold'; readonly press: Press; readonly sale: Sale }
  | { readonly kind: 'pending'; readonly press: Press; readonly sale: Sale | null }
  | {
      readonly kind: 'refused'
      readonly press: Press
      readonly code: string
      readonly message: string | null
    }
  | { readonly kind: 'unknown'; readonly press: Press }
  /** The token was refused: the press is kept and goes on after signing in. */
  | { readonly kind: 'sign-in'; readonly press: Press }
  | { readonly kind: 'asking'; readonly press: Press; readonly question: Question }
  /** Its customer may have left since the token was refused: the cashier says whether it is sold. */
  | { readonly kind: 'late'; readonly press: Press }
  | { readonly kind: 'not-sent'; readonly press: Press }
  | { readonly kind: 'not-kept'; readonly press: Press; readonly fault: StorageFault }
  | { readonly kind: 'other-tab' }

export type StorageFault = 'full' | 'forbidden'

/** The answer to one attempt: the client's outcome, or the cause of none. */
export type Answer =
  | SaleOutcome
  /** Nothing left this device. */
  | { readonly kind: 'not-sent'; readonly hasToken: boolean }
  /** An answer that this version of the screen cannot read. */
  | { readonly kind: 'unreadable' }

export type Concluded = Exclude<Shown, { kind: 'other-tab' }>
export type Conclusion = {
  /** The press to keep; null when its outcome is known and it may be forgotten. */
  readonly keep: Press | null
  readonly shown: Concluded
}

const deniedStatus = 401
const okStatus = 200

/**
 * Concludes what an answer proves. `isFirst` is true for an attempt that no other can have preceded: only then a refusal that
 * names no operation proves that nothing was sold.
 */
export const conclude = (
  press: Press,
  answer: Answer,
  { isFirst, now }: { readonly isFirst: boolean; readonly now: number },
): Conclusion => {
  const asked = { ...press, askedAt: now, isDenied: false }
  const denied = { isDenied: isFirst || press.isDenied }
  const keeping = (kind: 'unknown' | 'sign-in', changes: Partial<Press> = {}): Conclusion => {
    const keep = { ...asked, ...changes }
    return { keep, shown: { kind, press: keep } }
  }
  switch (answer.kind) {
    case 'sold':
      return { keep: null, shown: { kind: 'sold', press: asked, sale: answer.sale } }
    case 'pending': {
      const keep = { ...asked, saleId: answer.sale.id_transaccion }
      return { keep, shown: { kind: 'pending', press: keep, sale: answer.sale } }
    }
    case 'unknown':
      return keeping('unknown', { saleId: answer.id ?? press.saleId })
    case 'unreadable':
      return keeping('unknown')
    case 'not-sent':
      if (!answer.hasToken) return keeping('sign-in', denied)
      return isFirst
        ? { keep: null, shown: { kind: 'not-sent', press: asked } }
        : keeping('unknown')
    case 'refused': {
      const { code, message, problem, status } = answer
      if (status === deniedStatus) return keeping('sign-in', denied)
      if (code === 'DUPLICATE_SUSPECTED' && !press.isConfirmed) {
        const question = { message, state: problem?.operacion_anterior?.estado ?? null }
        const keep = { ...asked, question }
        return { keep, shown: { kind: 'asking', press: keep, question } }
      }
      const isOfSale = status === okStatus || problem?.id_transaccion !== undefined
      return isFirst || isOfSale
        ? { keep: null, shown: { kind: 'refused', press: asked, code, message } }
        : keeping('unknown')
    }
  }
}

const shortestPauseMs = 2_000
const longestPauseMs = 30_000
/** A press is asked about again after this part of its age. */
const pausePart = 0.05

/** As long as an equal sale counts as a duplicate: the customer may still be there. */
const lateAfterMs = 120_000

/** True for a press that was never taken, and whose customer may have left. A clock that was set back counts as late. */
export const isLate = ({ isDenied, pressedAt }: Press, now: number): boolean =>
  isDenied && (now - pressedAt > lateAfterMs || now < pressedAt)

/** True when a kept press is to be asked about again: soon while it is new, each half minute later. */
export const isDue = (press: Press, now: number): boolean => {
  const { pressedAt, askedAt, question } = press
  if (question !== null || isLate(press, now)) return false
  const age = Math.max(0, now - pressedAt)
  const pause = Math.min(longestPauseMs, Math.max(shortestPauseMs, age * pausePart))
  // A clock that was set back must not silence a press.
  return now - askedAt >= pause || askedAt > now
}

/** The state that a kept press has after a reload, before anything was asked. */
export const shownOf = (press: Press, now: number): Shown => {
  if (isLate(press, now)) return { kind: 'late', press }
  if (press.question !== null) return { kind: 'asking', press, question: press.question }
  return press.saleId === null ? { kind: 'unknown', press } : { kind: 'pending', press, sale: null }
}
