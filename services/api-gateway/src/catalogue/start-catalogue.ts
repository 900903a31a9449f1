import type { Catalogue, MerchantId } from '@recargas/contracts'
import type { Log } from '@recargas/runtime'
import { createLiveShops } from './live-shops.ts'
import { createCatalogueWatch, readCatalogueFile, runCatalogueWatch } from './watch-catalogue.ts'

type Settings = {
  readonly CATALOGUE_PATH: { readonly path: string; readonly catalogue: Catalogue }
  readonly DEFAULT_MERCHANT?: MerchantId | undefined
}

export type RunningCatalogue = ReturnType<typeof startCatalogue>

/** The shops of the catalogue's file, which is looked at for as long as the process runs. */
export const startCatalogue = (
  { CATALOGUE_PATH: { path, catalogue }, DEFAULT_MERCHANT }: Settings,
  log: Log,
  onLook: (isTaken: boolean) => void,
) => {
  const shops = createLiveShops(catalogue)
  const watch = createCatalogueWatch({
    read: () => readCatalogueFile(path),
    first: catalogue,
    defaultMerchant: DEFAULT_MERCHANT,
    take: shops.replace,
    log,
    onLook,
  })
  const rounds = runCatalogueWatch(watch, log)
  return {
    shops,
    /** A file that is wrong stops nothing: the one before it counts, and the reason is shown. */
    state: () => {
      const refused = watch.refused()
      const reason = refused === null ? null : `the file is not taken: ${refused.join('; ')}`
      return { ready: true, reason }
    },
    stop: rounds.stop,
  }
}
