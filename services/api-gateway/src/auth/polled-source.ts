import type { Clock } from '../commands/send-and-await.ts'

type Deps<Value> = {
  /** Throws when the source cannot be read. Bounded in time and size. */
  readonly read: () => Promise<string>
  /** Throws when the text is invalid. */
  readonly parse: (text: string) => Value
  readonly clock: Clock
  readonly everyMs: number
  /** After a look that failed. */
  readonly retryMs: number
  readonly onChange: (value: Value) => void
  /** Called once for each new trouble, not at every look. */
  readonly onTrouble: (error: unknown) => void
}

export type PolledSource<Value> = {
  /** The last good value, and when it was last found so; null before the first. */
  readonly last: () => { readonly value: Value; readonly seenAt: number } | null
  /** Resolves after the first look, however it went. */
  readonly looked: Promise<void>
  readonly stop: () => void
}

/**
 * Reads a source again and again; its last good value stands while it is away or broken. A text that did not change
 * keeps the same value object.
 */
export const pollSource = <Value>(deps: Deps<Value>): PolledSource<Value> => {
  let last: { readonly value: Value; readonly text: string; readonly seenAt: number } | null = null
  let trouble = ''
  let isStopped = false
  let cancel: () => void = () => undefined
  const look = async (): Promise<void> => {
    try {
      const text = await deps.read()
      if (text === last?.text) last = { ...last, seenAt: deps.clock.now() }
      else {
        const value = deps.parse(text)
        last = { value, text, seenAt: deps.clock.now() }
        if (!isStopped) deps.onChange(value)
      }
      trouble = ''
    } catch (error) {
      if (!isStopped && String(error) !== trouble) deps.onTrouble(error)
      trouble = String(error)
    }
    if (isStopped) return
    cancel = deps.clock.after(trouble === '' ? deps.everyMs : deps.retryMs, () => void look())
  }
  return {
    last: () => last,
    looked: look(),
    stop: () => {
      isStopped = true
      cancel()
    },
  }
}
