import { AsyncLocalStorage } from 'node:async_hooks'
import type { Catalogue } from '@recargas/contracts'
import { createShops, type Shops } from './catalogue.ts'

/** The shops of the catalogue as it is now, while it may change. */
export type LiveShops = Shops & {
  /** Runs a request on the catalogue that it began with, however long it takes. */
  readonly keeping: <Result>(begun: Shops, request: () => Result) => Result
  readonly current: () => Shops
  readonly replace: (catalogue: Catalogue) => void
}

export const createLiveShops = (catalogue: Catalogue): LiveShops => {
  const kept = new AsyncLocalStorage<Shops>()
  let current = createShops(catalogue)
  const shops = () => kept.getStore() ?? current
  return {
    find: (merchant) => shops().find(merchant),
    of: (merchant) => shops().of(merchant),
    keeping: (begun, request) => kept.run(begun, request),
    current: () => current,
    replace: (changed) => {
      current = createShops(changed)
    },
  }
}
