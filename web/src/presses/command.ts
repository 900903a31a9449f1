import type { Failure } from '../api/answer.ts'
import type { StorageFault } from './press.ts'

/** One press of a command, kept until its outcome is known. Its key is never used for another one. */
export type KeptCommand<Command> = {
  readonly key: string
  readonly owner: string
  readonly pressedAt: number
  readonly command: Command
}

export type Outcome<Command, Result = unknown> =
  | { readonly kind: 'done'; readonly command: Command; readonly result: Result }
  /** Nothing took place. */
  | { readonly kind: 'refused'; readonly command: Command; readonly failure: Failure }
  /** Asked again under the same key. */
  | { readonly kind: 'unknown'; readonly command: Command }
  | { readonly kind: 'not-kept'; readonly fault: StorageFault }
  | { readonly kind: 'other-tab' }

const denied: readonly number[] = [401, 408, 429]

/**
 * Concludes what a failed attempt proves. A refusal that names no operation says nothing of an earlier attempt of its key, so
 * that it ends the first one only.
 */
export const concludeFailure = <Command>(
  command: Command,
  failure: Failure,
  { isFirst }: { readonly isFirst: boolean },
): Outcome<Command, never> => {
  const { status, operationId } = failure
  const isRefusal = status !== null && status >= 400 && status < 500 && !denied.includes(status)
  return isRefusal && (isFirst || operationId !== null)
    ? { kind: 'refused', command, failure }
    : { kind: 'unknown', command }
}
