import { randomUUID } from 'node:crypto'
import { mintToken } from './mint-token.ts'

const answerTimeoutMs = 40_000

/** A demo shop's first amounts, as a POS writes them, in the merchant's currency. */
type Shop = { readonly merchant: string; readonly cash: number; readonly float: number }

const shops: readonly Shop[] = [
  { merchant: 'principal', cash: 20_000, float: 5_000 },
  { merchant: 'bogota', cash: 10_000_000, float: 1_000_000 },
]
/** The demo shop that npm start shows, and its people. */
export const shownMerchant = 'principal'
export const administrator = 1
export const cashier = 2

/** The demo shops' open sessions, by merchant. */
export type Seeded = Readonly<Record<string, number>>

type Ask = <Answer>(method: string, path: string, body?: unknown, key?: string) => Promise<Answer>
type Caja = { readonly id: number; readonly nombre: string }
type Session = { readonly id: number }

/**
 * Gives both demo shops two cajas, an open session and float of every operator. Existing records stay, a shop that is not in
 * the catalogue is skipped, and an operator added later gets no float: its owner buys it.
 */
export const seed = async (gatewayUrl: string, jwtSecret: string): Promise<Seeded> => {
  const sessions = await Promise.all(
    shops.map(async (shop) => {
      const holder = { userId: administrator, role: 'Administrador', merchant: shop.merchant }
      const ask = askAs(gatewayUrl, mintToken(jwtSecret, holder))
      const sessionId = await seedShop(ask, shop)
      return sessionId === null ? [] : [[shop.merchant, sessionId] as const]
    }),
  )
  return Object.fromEntries(sessions.flat())
}

/** @returns its open session; null where the catalogue does not have the shop */
const seedShop = async (ask: Ask, shop: Shop): Promise<number | null> => {
  const cajas = await ask<readonly Caja[] | null>('GET', '/cajas')
  if (cajas === null) return null
  const caja = await ensureCaja(ask, shop, 'Caja 01')
  const sessionId = await ensureSession(ask, caja.id)
  // The second caja is made last: with it the demo data are whole.
  if (cajas.some(({ nombre }) => nombre === 'Caja 02')) return sessionId
  const operators = await ask<readonly { nombre: string }[]>('GET', '/operadoras')
  const held = await ask<readonly { nombre_operadora: string }[]>(
    'GET',
    '/recargas/operadoras/saldos',
  )
  const registered = new Set(held.map((float) => float.nombre_operadora))
  // One after the other: they spend the same drawer.
  for (const { nombre } of operators) {
    if (registered.has(nombre)) continue
    const injection = { operadora_destino: nombre, monto: shop.float, id_caja_sesion: sessionId }
    await ask('POST', '/recargas/inyeccion', injection, `demo-float-${encodeURIComponent(nombre)}`)
  }
  await ensureCaja(ask, shop, 'Caja 02')
  return sessionId
}

const ensureCaja = async (ask: Ask, shop: Shop, nombre: string): Promise<Caja> => {
  const cajas = await ask<readonly Caja[]>('GET', '/cajas')
  const known = cajas.find((caja) => caja.nombre === nombre)
  if (known !== undefined) return known
  const caja = { nombre, especialidad: 'MIXTA', saldo: shop.cash, id_user_create: administrator }
  return ask<Caja>('POST', '/cajas', caja, `demo-caja-${nombre.replace(' ', '-')}`)
}

const ensureSession = async (ask: Ask, cajaId: number): Promise<number> => {
  const active = await ask<Session | null>('GET', `/cajas/sesion-activa/${cashier}`)
  if (active !== null) return active.id
  const opening = { id_caja: cajaId, id_usuario: cashier, id_user_create: administrator }
  // A new operation each time: the session of an earlier run may have been closed since.
  const session = await ask<Session>('POST', '/cajas/abrir', opening, randomUUID())
  return session.id
}

/** Calls the gateway as a POS would. Nothing there (404) is null for a GET; every other refusal is an error. */
const askAs =
  (gatewayUrl: string, token: string): Ask =>
  async <Answer>(method: string, path: string, body?: unknown, key?: string) => {
    const response = await fetch(`${gatewayUrl}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(key !== undefined && { 'idempotency-key': key }),
      },
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.timeout(answerTimeoutMs),
    })
    if (method === 'GET' && response.status === 404) return null as Answer
    if (response.status === 403) {
      const { code } = (await response.clone().json()) as { readonly code?: string }
      if (code === 'MERCHANT_NOT_CONFIGURED') return null as Answer
    }
    if (response.status !== 200 && response.status !== 201) {
      throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
    }
    return (await response.json()) as Answer
  }
