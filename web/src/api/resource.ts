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
  /** The last value is shown without a connection too, also after a reload. */
  readonly isKept?: boolean
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

const all = new Set<() => Promise<void>>()
/** Reads everything on the screen again: an event arrived, or the connection is back. */
export const refreshShown = async (): Promise<void> => {
  await Promise.all([...all].map((refresh) => refresh()))
}

export const createResource = <Value>(options: Options<Value>): Resource<Value> => {
  const shown = signal<Shown<Value>>({ state: 'loading' })
  let shownTo: string | null = null

  const restore = async (reader: string) => {
    const kept = options.isKept === true ? await readSnapshot(reader, options.name) : null
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
    const read = await shownOf(options.ask)
    if (owner.value !== reader) return
    const last = shown.value
    const isOld = read.state === 'failed' && last.state === 'shown'
    shown.value = isOld ? { ...last, failure: read.failure } : read
    if (options.isKept === true && read.state === 'shown') {
      const { value, at } = read
      await writeSnapshot(reader, options.name, { value, at })
    }
  }

  const useShown = () => {
    const reader = owner.value
    const isStopped = isExpired.value
    useEffect(() => {
      void refresh()
      all.add(refresh)
      const timer = setInterval(() => void refresh(), options.everyMs)
      return () => {
        clearInterval(timer)
        all.delete(refresh)
      }
    }, [reader, isStopped])
    return shown.value
  }
  return { shown, refresh, useShown }
}
