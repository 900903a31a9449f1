import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createPos, tokenFor } from '../../till/pos.ts'
import { expectStatus } from '../../till/shop.ts'
import { saleBody, type SaleRequest } from './load.ts'

/** A shop's open session and its cashier, through which sales are sold. */
export type OpenShop = {
  readonly merchant: string
  readonly sessionId: number
  readonly token: string
}

type Gateway = { readonly url: string; readonly jwtSecret: string }

const cash = 9_000_000
const float = 8_000_000
const openedAtOnce = 64

export const hotMerchant = 'principal'
export const merchantNamed = (index: number): string => `m${String(index).padStart(4, '0')}`

/** A catalogue that knows the hot shop and so many others, each selling one operator. */
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
  const names = [
    hotMerchant,
    ...Array.from({ length: merchants }, (_, index) => merchantNamed(index)),
  ]
  const file = join(folder, `catalogue-${merchants}.json`)
  writeFileSync(
    file,
    JSON.stringify({ merchants: Object.fromEntries(names.map((name) => [name, shop])) }),
  )
  return file
}

export const tokenOf = (jwtSecret: string, merchant: string): string =>
  tokenFor(jwtSecret, { user: 1, role: 'Administrador', merchant })

/** Opens a shop through the front door: caja, session, float. */
export const openShop = async (gateway: Gateway, merchant: string): Promise<OpenShop> => {
  const token = tokenOf(gateway.jwtSecret, merchant)
  const pos = createPos(() => gateway.url, token)
  const caja = await expectStatus(
    201,
    pos.post('/cajas', { nombre: 'Caja 01', especialidad: 'MIXTA', saldo: cash }),
  )
  const opening = { id_caja: Number(caja.body['id']), id_usuario: 1, id_user_create: 1 }
  const session = await expectStatus(201, pos.post('/cajas/abrir', opening))
  const sessionId = Number(session.body['id'])
  const injection = { operadora_destino: 'Tigo', monto: float, id_caja_sesion: sessionId }
  await expectStatus(201, pos.post('/recargas/inyeccion', injection))
  return { merchant, sessionId, token }
}

export const openShops = async (gateway: Gateway, count: number): Promise<readonly OpenShop[]> => {
  const shops: OpenShop[] = []
  let next = 0
  const openOn = async (): Promise<void> => {
    while (next < count) {
      const merchant = merchantNamed(next)
      next += 1
      shops.push(await openShop(gateway, merchant))
    }
  }
  await Promise.all(Array.from({ length: openedAtOnce }, openOn))
  return shops.toSorted((one, other) => one.merchant.localeCompare(other.merchant))
}

export const saleAt = ({
  token,
  sessionId,
}: Pick<OpenShop, 'token' | 'sessionId'>): SaleRequest => ({
  token,
  body: saleBody(sessionId),
})

/** Each shop in turn. */
export const inTurn = (shops: readonly OpenShop[]): (() => SaleRequest) => {
  let turn = 0
  return () => {
    turn += 1
    return saleAt(shopAt(shops, turn % shops.length))
  }
}

/** The n-th shop sells 1/n as much as the first: Zipf's law with exponent 1. */
export const byZipf = (shops: readonly OpenShop[]): (() => SaleRequest) => {
  const sums: number[] = []
  for (let rank = 1; rank <= shops.length; rank += 1) sums.push((sums.at(-1) ?? 0) + 1 / rank)
  const total = sums.at(-1) ?? 1
  return () => {
    const drawn = Math.random() * total
    const index = sums.findIndex((sum) => sum >= drawn)
    return saleAt(shopAt(shops, Math.max(0, index)))
  }
}

const shopAt = (shops: readonly OpenShop[], index: number): OpenShop => {
  const shop = shops[index]
  if (shop === undefined) throw new Error('no shop is open')
  return shop
}
