import {
  assertNever,
  OperationId,
  type MerchantId,
  type OperationAnswer,
  type Refusal,
  type TopupView,
} from '@recargas/contracts'
import { parseId } from '../api/parse.ts'
import type { Clock } from '../commands/send-and-await.ts'
import type { Waiters } from '../commands/waiters.ts'

/** Throw when the ledger cannot be asked. */
export type TopupReads = {
  readonly topup: (merchant: MerchantId, number: number) => Promise<TopupView | null>
  readonly operation: (merchant: MerchantId, id: OperationId) => Promise<OperationAnswer>
}

export type LookupResult =
  | { readonly kind: 'topup'; readonly topup: TopupView }
  /** A sale that was asked for and refused: it never became a top-up. */
  | { readonly kind: 'refused'; readonly operationId: OperationId; readonly refusal: Refusal }
  | { readonly kind: 'absent' }

const absent: LookupResult = { kind: 'absent' }

/** The sale a path names, by its number or its id_transaccion. Throws when the ledger cannot be asked. */
export const findTopup = async (
  reads: TopupReads,
  merchant: MerchantId,
  id: string,
): Promise<LookupResult> => {
  const number = parseId(id)
  if (number !== null) {
    const topup = await reads.topup(merchant, number)
    return topup === null ? absent : { kind: 'topup', topup }
  }
  const operationId = OperationId.safeParse(id)
  if (!operationId.success) return absent
  const answer = await reads.operation(merchant, operationId.data)
  switch (answer.kind) {
    case 'topup':
      return { kind: 'topup', topup: answer.topup }
    case 'refused':
      return { kind: 'refused', operationId: operationId.data, refusal: answer.refusal }
    // Some other operation's id, or none: no sale either way.
    case 'applied':
    case 'absent':
      return absent
    default:
      return assertNever(answer)
  }
}

export type FollowDeps = {
  readonly waiters: Pick<Waiters, 'listen'>
  readonly clock: Clock
  readonly pollEveryMs: number
  /** True while the process ends: a waiting request is answered with the last known state. */
  readonly isClosing: () => boolean
}

type Follow<Read> = {
  readonly read: () => Promise<Read>
  readonly topupOf: (read: Read) => TopupView | null
  readonly isDone: (topup: TopupView) => boolean
  readonly until: number
}

/** Reads until the sale is where it is waited for; between reads an event, or the next second, wakes it. */
export const followTopup = async <Read>(
  deps: FollowDeps,
  { read, topupOf, isDone, until }: Follow<Read>,
): Promise<Read> => {
  for (;;) {
    const last = await read()
    const topup = topupOf(last)
    const now = deps.clock.now()
    if (now >= until || deps.isClosing() || (topup !== null && isDone(topup))) return last
    await nextEvent(deps, topup?.topupId, Math.min(deps.pollEveryMs, until - now))
  }
}

const nextEvent = ({ waiters, clock }: FollowDeps, topupId: string | undefined, waitMs: number) =>
  new Promise<void>((resolve) => {
    const end = () => {
      cancel()
      forget()
      resolve()
    }
    const cancel = clock.after(waitMs, end)
    const forget = topupId === undefined ? () => undefined : waiters.listen(topupId, end)
  })
