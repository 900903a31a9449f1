import { hash } from 'node:crypto'

export type TokenCache<Value> = {
  readonly get: (token: string) => Value | undefined
  readonly set: (token: string, value: Value) => void
}

/** The `max` values used last, under their tokens' hashes: the memory of the process holds no token to be stolen. */
export const createTokenCache = <Value>(max: number): TokenCache<Value> => {
  const values = new Map<string, Value>()
  return {
    get: (token) => {
      const name = hash('sha256', token, 'base64')
      const value = values.get(name)
      if (value === undefined) return undefined
      // A map keeps the order of insertion: the first is always the one unused for longest.
      values.delete(name)
      values.set(name, value)
      return value
    },
    set: (token, value) => {
      const name = hash('sha256', token, 'base64')
      values.delete(name)
      values.set(name, value)
      const [oldest] = values.keys()
      if (values.size > max && oldest !== undefined) values.delete(oldest)
    },
  }
}
