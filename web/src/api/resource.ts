import { signal, type ReadonlySignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { owner, isExpired } from '../session/session.ts'
import { readSnapshot, writeSnapshot } from '../storage/database.ts'
import { asFailure, type Failure } from './answer.ts'

/** A value that the gateway gives, as it was read last. */
export type Shown<Value> =
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly failure: Failure }
  /** `failure` is not null where a later read failed: then the value is old, and `at` says how old. */
  | {
      readonly state: 'shown'
      readonly value: Value
      readonly at: number
      readonly failure: Failure | null
    }

export type Resource<Value> = {
  readonly shown: ReadonlySignal<Shown<Value>>
  /** Reads now, such as after a command of this screen. */
  readonly refresh: () => Promise<void>
  /** In a component: reads at once and then every `everyMs`, as long as the component is there. */
  readonly useShown: () => Shown<Value>
}

type Options<Value> = {
  readonly name: string
  readonly ask: () => Promise<Value>
  readonly everyMs: number
  /** False where an old value must not be shown without a connection, or after a reload. */
  readonly isKept?: false
}

export const valueIn = <Value>(shown: Shown<Value>): Value | null =>
  shown.state === 'shown' ? shown.value : null

/** Reads once: the value, or the failure of the read. */
export const shownOf = async <Value>(ask: () => Promise<Value>): Promise<Shown<Value>> => {
  try {
    return { state: 'shown', value: await ask(), at: Date.now(), failure: null }
  } catch (thrown) {
    return { state: 'failed', failure: asFailure(thrown) }
  }
}

/** However much is sold, an event reads the screen again that often at most. */
const refreshEveryMs = 500
let refreshTimer: ReturnType<typeof setTimeout> | null = null

/** Reads everything on the screen again soon, once for all events until then. */
export const refreshSoon = (): void => {
  refreshTimer ??= setTimeout(() => {
    refreshTimer = null
    void refreshShown()
  }, refreshEveryMs)
}

/** Each resource on the screen, with the number of components that show it. */
const all = new Map<() => Promise<void>, number>()
/** Reads everything on the screen again: an event arrived, or the connection is back. */
export const refreshShown = async (): Promise<void> => {
  await Promise.all([...all.keys()].map((refresh) => refresh()))
}

export const createResource = <Value>(options: Options<Value>): Resource<Value> => {
  const shown = signal<Shown<Value>>({ state: 'loading' })
  let shownTo: string | null = null
  let begun = 0
  /** Number of the newest read whose answer is shown. */
  let applied = 0

  const restore = async (reader: string) => {
    const kept = options.isKept !== false ? await readSnapshot(reader, options.name) : null
    if (kept === null || shown.value.state === 'shown' || shownTo !== reader) return
    const failure = shown.value.state === 'failed' ? shown.value.failure : null
    shown.value = { state: 'shown', value: kept.value as Value, at: kept.at, failure }
  }

  const refresh = async () => {
    const reader = owner.value
    if (reader === null || isExpired.value) return
    if (reader !== shownTo) {
      // Another person's values are never shown.
      shownTo = reader
      shown.value = { state: 'loading' }
      await restore(reader)
    }
    const number = ++begun
    const read = await shownOf(options.ask)
    // An answer to someone else, or one that a later question has overtaken, changes nothing.
    if (owner.value !== reader || number < applied) return
    applied = number
    const last = shown.value
    const isOld = read.state === 'failed' && last.state === 'shown'
    shown.value = isOld ? { ...last, failure: read.failure } : read
    if (options.isKept !== false && read.state === 'shown') {
      const { value, at } = read
      await writeSnapshot(reader, options.name, { value, at })
    }
  }

  const useShown = () => {
    const reader = owner.value
    const isStopped = isExpired.value
    useEffect(() => {
      void refresh()
      all.set(refresh, (all.get(refresh) ?? 0) + 1)
      const timer = setInterval(() => void refresh(), options.everyMs)
      return () => {
        clearInterval(timer)
        const others = (all.get(refresh) ?? 1) - 1
        if (others === 0) all.delete(refresh)
        else all.set(refresh, others)
      }
    }, [reader, isStopped])
    return shown.value
  }
  return { shown, refresh, useShown }
}
