import { computed, signal, type ReadonlySignal } from '@preact/signals'
import { ownerOf, readToken, type Person } from './claims.ts'
import { readItem, writeItem } from './tab-storage.ts'

/** The person signed in. The token is kept here and in this tab's storage, nowhere else. */
export const person = signal<Person | null>(null)
/** The gateway has refused the token: the person stays on the screen and signs in again. */
export const isExpired = signal(false)
export const owner = computed(() => (person.value === null ? null : ownerOf(person.value)))

/** The value of the person signed in, made once for each person; null before. */
export const perOwner = <Value>(make: (owner: string) => Value): ReadonlySignal<Value | null> => {
  const made = new Map<string, Value>()
  return computed(() => {
    if (owner.value === null) return null
    const value = made.get(owner.value) ?? make(owner.value)
    made.set(owner.value, value)
    return value
  })
}

const itemName = 'recargas.token'
const fragmentPrefix = '#token='

/** Takes the token of the address, or else the one that this tab had before a reload. */
export const startSession = (): void => {
  window.addEventListener('hashchange', takeFragment)
  if (!takeFragment()) signIn(readItem(itemName) ?? '')
}

/** @returns false for a text that is no token */
export const signIn = (token: string): boolean => {
  const found = readToken(token.trim())
  if (found === null) return false
  enter(found)
  return true
}

export const enter = (found: Person): void => {
  person.value = found
  isExpired.value = false
  writeItem(itemName, found.token)
}

export const signOut = (): void => {
  person.value = null
  isExpired.value = false
  writeItem(itemName, null)
}

/** Ignores a late refusal of a token that has been replaced since. */
export const expire = (token: string): void => {
  if (person.value?.token === token) isExpired.value = true
}

/** Removes the token from the address at once, so that no history, bookmark or shared link has it. */
const takeFragment = (): boolean => {
  const { hash, pathname } = window.location
  if (!hash.startsWith(fragmentPrefix)) return false
  window.history.replaceState(null, '', pathname)
  return signIn(decodeURIComponent(hash.slice(fragmentPrefix.length)))
}
