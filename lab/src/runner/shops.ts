import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ledgerQueue, MerchantId, partitionOf } from '@recargas/contracts'
import { onTills } from './load.ts'
import { openShop, type Gateway, type Shop } from '../till/shop.ts'

const opening = { cash: 9_000_000, float: 8_000_000 }
const openedAtOnce = 64

/** The merchant of tokens without one. */
export const hotMerchant = MerchantId.parse('principal')
export const hotPartition = partitionOf(hotMerchant)
export const hotQueue = ledgerQueue(hotPartition)
export const merchantNamed = (index: number): string => `m${String(index).padStart(4, '0')}`

/** Writes a catalogue with the hot shop and so many others, each selling one operator. @returns its path */
export const writeCatalogue = (folder: string, merchants: number): string => {
  const operator = {
    nombre: 'Tigo',
    carrier: 'tpaga',
    slug: 'tigo',
    patron_numero: '[0-9]{8}',
    minimo: 10,
    maximo: 100_000,
    paso: 10,
    unidad_carrier: 1,
  }
  const shop = { currency: 'BOB', zona_horaria: 'America/La_Paz', operators: [operator] }
  const others = Array.from({ length: merchants }, (_, index) => merchantNamed(index))
  const file = join(folder, `catalogue-${merchants}.json`)
  const known = Object.fromEntries([hotMerchant, ...others].map((name) => [name, shop]))
  writeFileSync(file, JSON.stringify({ merchants: known }))
  return file
}

/** Opens a shop with enough cash and float for hours of sales. */
export const openBusyShop = (gateway: Gateway, merchant: string): Promise<Shop> =>
  openShop(gateway, { ...opening, merchant })

/** Opens the first so many shops of the catalogue. @returns them in its order */
export const openShops = async (gateway: Gateway, count: number): Promise<readonly Shop[]> => {
  const shops: Shop[] = []
  let begun = 0
  await onTills(
    openedAtOnce,
    () => begun < count,
    async () => {
      const index = begun
      begun += 1
      shops[index] = await openBusyShop(gateway, merchantNamed(index))
    },
  )
  return shops
}
