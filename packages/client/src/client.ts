import createClient, { type Client } from 'openapi-fetch'
import { createConfirmedKeys, type KeptText } from './confirmed-keys.ts'
import { isNotSent, notSent } from './not-sent.ts'
import { defaultLimits, settleSale, type Limits, type Press } from './sale.ts'
import { readSale, type Found, type SaleOutcome } from './outcome.ts'
import type { paths } from './schema.ts'

type JsonBody<Path extends '/recargas/cliente' | '/paquetes/compra'> =
  paths[Path]['post']['requestBody']['content']['application/json']
export type TopupOrder = JsonBody<'/recargas/cliente'>
export type BundleOrder = JsonBody<'/paquetes/compra'>

export type ClientOptions = {
  /** The gateway, such as https://recargas.example. */
  readonly baseUrl: string
  /** The cashier's token, or a function that returns the valid one. */
  readonly token: string | (() => string | Promise<string>)
  /** Instead of the runtime's own. */
  readonly fetch?: (request: Request) => Promise<Response>
  readonly limits?: Partial<Limits>
  /** Keeps which presses the cashier confirmed over a restart of the terminal, such as its localStorage. */
  readonly storage?: KeptText
}

export type PressOptions = {
  /** A stored key lets a terminal continue the same sale after its own restart; generated for each press by default. */
  readonly key?: string
  /** Id of the press in every log and message of the system; generated for each press by default. */
  readonly requestId?: string
  /**
   * After DUPLICATE_SUSPECTED: the cashier confirms that it is another sale. Every repeat under the same key confirms it again,
   * with or without this option.
   */
  readonly confirmDuplicate?: boolean
}

export type RecargasClient = {
  /** Every route of the API, typed. A POST or PATCH made by it repeats nothing by itself. */
  readonly api: Client<paths>
  /**
   * Sells a top-up, once, whatever gets lost on the way.
   * @throws NotSentError where nothing was sent: no token, no connection; its `cause` says why
   */
  readonly sell: (order: TopupOrder, options?: PressOptions) => Promise<SaleOutcome>
  /** Sells a mobile package, in the same way. */
  readonly buyBundle: (order: BundleOrder, options?: PressOptions) => Promise<SaleOutcome>
  /**
   * Looks up a sale by its number or its id_transaccion.
   * @param waitSeconds how long the gateway may hold the answer while the sale is open, at most 25
   * @throws when the gateway cannot be reached
   */
  readonly lookUp: (id: number | string, waitSeconds?: number) => Promise<Found>
}

/** A POS terminal's way to the gateway: one cashier's token, one answer for each press of the button. */
export const createRecargasClient = (options: ClientOptions): RecargasClient => {
  const limits = { ...defaultLimits, ...options.limits }
  const { baseUrl, fetch = globalThis.fetch } = options
  const api = createClient<paths>({ baseUrl, fetch })
  const confirmedKeys = createConfirmedKeys(options.storage)
  api.use({
    onRequest: async ({ request }) => {
      request.headers.set('authorization', `Bearer ${await currentToken(options)}`)
      return request
    },
  })
  const lookUp: RecargasClient['lookUp'] = async (id, waitSeconds = 0) =>
    readSale(
      await api.GET('/recargas/cliente/{id}', {
        params: { path: { id }, query: { wait: waitSeconds } },
        signal: AbortSignal.timeout(limits.requestTimeoutMs),
      }),
    )
  const press = (given: PressOptions = {}): Press => {
    const key = given.key ?? crypto.randomUUID()
    // Set before the request is sent: from then on the gateway may have received it.
    if (given.confirmDuplicate === true) confirmedKeys.add(key)
    return {
      key,
      isConfirmed: confirmedKeys.has(key),
      isKept: given.key !== undefined,
      headers: {
        'Idempotency-Key': key,
        'X-Request-Id': given.requestId ?? crypto.randomUUID(),
        Prefer: `wait=${limits.waitSeconds}`,
        ...(confirmedKeys.has(key) ? { 'X-Confirmar-Duplicado': 'true' as const } : {}),
      },
    }
  }
  const signal = () => AbortSignal.timeout(limits.requestTimeoutMs)
  return {
    api,
    lookUp,
    sell: (body, given) =>
      settleSale({ limits, lookUp }, press(given), ({ headers }) =>
        tellingUnsent(fetch, (send) =>
          api.POST('/recargas/cliente', { body, headers, signal: signal(), fetch: send }),
        ),
      ),
    buyBundle: (body, given) =>
      settleSale({ limits, lookUp }, press(given), ({ headers }) =>
        tellingUnsent(fetch, (send) =>
          api.POST('/paquetes/compra', { body, headers, signal: signal(), fetch: send }),
        ),
      ),
  }
}

const currentToken = async ({ token }: ClientOptions): Promise<string> => {
  let current: string | null | undefined
  try {
    current = typeof token === 'function' ? await token() : token
  } catch (error) {
    throw notSent('the token could not be had', error)
  }
  // Callers in JavaScript may have none.
  if (typeof current === 'string' && current !== '') return current
  throw notSent('there is no token')
}

type Send = (request: Request) => Promise<Response>

/** Gives failures before the request reaches `fetch` an error of their own: no token, an invalid address. */
const tellingUnsent = async <Answer>(
  fetch: Send,
  post: (send: Send) => Promise<Answer>,
): Promise<Answer> => {
  const handedOn: Request[] = []
  const send: Send = (request) => {
    handedOn.push(request)
    return fetch(request)
  }
  try {
    return await post(send)
  } catch (error) {
    if (handedOn.length > 0 || isNotSent(error)) throw error
    throw notSent('the request could not be made', error)
  }
}
