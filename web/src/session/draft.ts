import { effect, signal, type Signal } from '@preact/signals'
import { owner } from './session.ts'
import { readObject, removeItems, writeItem } from './tab-storage.ts'

const prefix = 'recargas.draft '
const drafts = new Map<string, Signal<unknown>>()

/**
 * The state of a form that a person is filling in. It outlives a reload and a sign-in at the issuer, which leaves the page, and
 * ends with the tab. Each person has drafts of their own.
 */
export const draftOf = <Value extends object>(name: string, empty: Value): Signal<Value> => {
  const item = `${prefix}${owner.value ?? ''} ${name}`
  const known = drafts.get(item)
  if (known !== undefined) return known as Signal<Value>
  const draft = signal<Value>({ ...empty, ...readObject(item) })
  drafts.set(item, draft)
  effect(() => {
    const isEmpty = JSON.stringify(draft.value) === JSON.stringify(empty)
    writeItem(item, isEmpty ? null : JSON.stringify(draft.value))
  })
  return draft
}

export const forgetDrafts = (): void => {
  drafts.clear()
  removeItems(prefix)
}
