import { createPos, tokenFor, type Answer } from './pos.ts'

/** The address of a gateway, and the secret of its tokens. */
export type Gateway = { readonly url: () => string; readonly jwtSecret: string }

/** A shop with one caja, its session open, and float with an operator. */
export type Shop = Awaited<ReturnType<typeof openShop>>

let users = 100

/** Opens a shop through the front door: its own merchant's caja, session and injection. Every test gets its own. */
export const openShop = async (
  gateway: Gateway,
  options: { readonly cash?: number; readonly float?: number; readonly merchant?: string } = {},
) => {
  users += 1
  const cashierId = users
  const { cash = 500, float = 100, merchant } = options
  const tokenOf = (user: number, role: 'Administrador' | 'Operador') =>
    tokenFor(gateway.jwtSecret, { user, role, ...(merchant === undefined ? {} : { merchant }) })
  const token = tokenOf(cashierId, 'Operador')
  const administrator = createPos(gateway.url, tokenOf(1, 'Administrador'))
  const cashier = createPos(gateway.url, token)
  const caja = await expectStatus(
    201,
    administrator.post('/cajas', {
      nombre: `Caja ${cashierId}`,
      especialidad: 'MIXTA',
      saldo: cash,
    }),
  )
  const cajaId = Number(caja.body['id'])
  const opening = { id_caja: cajaId, id_usuario: cashierId, id_user_create: cashierId }
  const session = await expectStatus(201, cashier.post('/cajas/abrir', opening))
  const sessionId = Number(session.body['id'])
  if (float !== 0) {
    const injection = { operadora_destino: 'Tigo', monto: float, id_caja_sesion: sessionId }
    await expectStatus(201, administrator.post('/recargas/inyeccion', injection))
  }
  return {
    administrator,
    cashier,
    /** The cashier's token. */
    token,
    sessionId,
    cajaId,
    sell: (number: string, amount: number, headers?: Record<string, string>) =>
      cashier.post('/recargas/cliente', saleOf(sessionId, number, amount), headers),
    /** The float with Tigo, as a POS reads it. */
    float: async () => {
      const { list } = await administrator.get('/recargas/operadoras/saldos')
      const found = list.find(({ nombre_operadora: name }) => name === 'Tigo')
      return {
        available: String(found?.['saldo_actual']),
        reserved: String(found?.['saldo_reservado']),
      }
    },
    /** Cash in the drawer. */
    drawer: async () => String((await administrator.get(`/cajas/${cajaId}`)).body['saldo']),
  }
}

/** The body of a sale, as the wire contract names its fields. */
export const saleOf = (sessionId: number, number = newNumber(), amount = 0.1) => ({
  operadora: 'Tigo',
  numero_cliente: number,
  monto: amount,
  id_caja_sesion: sessionId,
})

export const expectStatus = async (status: number, sent: Promise<Answer>): Promise<Answer> => {
  const answer = await sent
  if (answer.status !== status) {
    throw new Error(`${answer.status} instead of ${status}: ${JSON.stringify(answer.body)}`)
  }
  return answer
}

let numbers = 0
/** An unused number, which the carrier authorizes. */
export const newNumber = (): string => {
  numbers += 1
  return String(70_000_000 + (((process.pid % 1_000) * 1_000 + numbers) % 29_999_999))
}

const waitTimeoutMs = 45_000

/** Asks until the answer holds. @throws after `timeoutMs`, with the last value. */
export const eventually = async <Value, Wanted extends Value = Value>(
  ask: () => Promise<Value>,
  holds: ((value: Value) => boolean) | ((value: Value) => value is Wanted),
  timeoutMs = waitTimeoutMs,
): Promise<Wanted> => {
  const deadline = performance.now() + timeoutMs
  for (;;) {
    const value = await ask()
    if (holds(value)) return value as Wanted
    if (performance.now() > deadline) {
      throw new Error(`still ${JSON.stringify(value)} after ${timeoutMs} ms`)
    }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

export const succeeds = (work: Promise<unknown>): Promise<boolean> =>
  work.then(
    () => true,
    () => false,
  )

/** A sale of 1.00 whose cashier does not wait for the carrier. */
export const sellHastily = (shop: Shop): Promise<Answer> =>
  shop.sell(newNumber(), 1, { prefer: 'wait=1' })

export const sellUntil = async (shop: Shop, wanted: number): Promise<void> => {
  await eventually(
    () => sellHastily(shop),
    ({ status }) => status === wanted,
  )
}
