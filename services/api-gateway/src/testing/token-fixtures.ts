import {
  createHmac,
  createPrivateKey,
  generateKeyPairSync,
  sign,
  type KeyObject,
} from 'node:crypto'
import { createServer as createHttpServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import {
  createMetrics,
  listen,
  opsRoutes,
  readConfig,
  silentLog,
  type Log,
} from '@recargas/runtime'
import { createTokens } from '../auth/tokens.ts'
import { GatewaySettings } from '../config.ts'
import { everyRole } from '../api/route.ts'
import { createLiveShops } from '../catalogue/live-shops.ts'
import { createServer } from '../server/server.ts'
import { everyPage } from '../openapi/public-operations.ts'
import type { Clock } from '../commands/send-and-await.ts'

export const realClock: Clock = {
  now: () => Date.now(),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs)
    return () => clearTimeout(timer)
  },
}

/** The gateway's real HTTP before one route, guarded by tokens under the settings given. */
export const startTokenServer = async (
  environment: Readonly<Record<string, string>>,
  clock: Clock = realClock,
) => {
  const config = readConfig(GatewaySettings, {
    NODE_ENV: 'test',
    DEFAULT_MERCHANT: 'principal',
    AMQP_URL: 'amqp://guest:guest@127.0.0.1:5672',
    SERVICE_TOKEN: 'a-service-token-16',
    LEDGER_URL: 'http://127.0.0.1:3001',
    ADAPTER_URL: 'http://127.0.0.1:3002',
    CATALOGUE_PATH: fileURLToPath(new URL('../../../../catalogue.json', import.meta.url)),
    ...environment,
  })
  if (config.kind === 'invalid') throw new Error(config.problems.join('\n'))
  const reasons: unknown[] = []
  const log: Log = {
    ...silentLog,
    info: (message, fields) => {
      const given = typeof fields === 'function' ? fields() : fields
      if (message === 'token refused') reasons.push(given?.['reason'])
    },
  }
  const registry = createMetrics('api-gateway')
  const tokens = await createTokens({ settings: config.config, clock, log, registry })
  const app = createServer({
    pages: everyPage,
    docsRoutes: (_request, _response, next) => next(),
    screenRoutes: (_request, _response, next) => next(),
    routes: [
      {
        method: 'get',
        path: '/quien',
        roles: everyRole,
        contract: { summary: 'Who the token says', replies: [], problems: [] },
        answer: ({ principal }) => Promise.resolve({ status: 200, body: principal }),
      },
    ],
    opsRoutes: opsRoutes([{ name: 'tokens', check: tokens.state }], registry),
    authenticate: tokens.authenticate,
    shops: createLiveShops(config.config.CATALOGUE_PATH.catalogue),
    bodyBytesMax: 16_384,
    corsOrigins: [],
    rates: { windowMs: 60_000, subjectMax: 1_000_000, addressMax: 1_000_000 },
    trustedProxies: [],
    log,
    observeRequest: () => undefined,
  })
  const server = await listen(app, 0, '127.0.0.1')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    /** The reason of each refused token, in order, as logged. */
    reasons,
    who: async (token: string) => {
      const response = await fetch(`${url}/quien`, {
        headers: { authorization: `Bearer ${token}`, 'x-request-id': 'the-same' },
      })
      const body = (await response.json()) as Record<string, unknown>
      return { status: response.status, headers: response.headers, body }
    },
    isReady: async () => (await fetch(`${url}/ready`)).status === 200,
    metrics: async () => (await fetch(`${url}/metrics`)).text(),
    close: async () => {
      await tokens.close()
      await closeAtOnce(server)
    },
  }
}

export const closeAtOnce = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })

/** An identity provider's key address that counts its requests. */
export const startKeyAddress = async () => {
  const fakes = { keys: [] as readonly object[], status: 200, body: null as string | null }
  const asked: string[] = []
  const server = createHttpServer((request, response) => {
    asked.push(request.url ?? '')
    response.writeHead(fakes.status, { 'content-type': 'application/json' })
    response.end(fakes.body ?? JSON.stringify({ keys: fakes.keys }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    fakes,
    asked,
    origin,
    jwks: `${origin}/jwks.json`,
    close: () => closeAtOnce(server),
  }
}

export type Algorithm = 'HS256' | 'RS256' | 'ES256'
export type Signer = {
  readonly algorithm: Algorithm
  /** Undefined where a shared secret signs. */
  readonly keyId: string | undefined
  readonly signature: (input: string) => Buffer
}

export const secretSigner = (secret: string | Buffer): Signer => ({
  algorithm: 'HS256',
  keyId: undefined,
  signature: (input) => createHmac('sha256', secret).update(input).digest(),
})

/** An identity provider's key pair: its private signing key and its published key. */
export const aKeyPair = (algorithm: 'RS256' | 'ES256', keyId: string, bits = 2_048) => {
  const pem = { type: 'pkcs8', format: 'pem' } as const
  const spki = { type: 'spki', format: 'pem' } as const
  const { privateKey, publicKey } =
    algorithm === 'RS256'
      ? generateKeyPairSync('rsa', {
          modulusLength: bits,
          privateKeyEncoding: pem,
          publicKeyEncoding: spki,
        })
      : generateKeyPairSync('ec', {
          namedCurve: 'P-256',
          privateKeyEncoding: pem,
          publicKeyEncoding: spki,
        })
  const key: KeyObject = createPrivateKey(privateKey)
  const {
    d: _d,
    p: _p,
    q: _q,
    dp: _dp,
    dq: _dq,
    qi: _qi,
    ...publicJwk
  } = key.export({ format: 'jwk' })
  const signer: Signer = {
    algorithm,
    keyId,
    signature: (input) => sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' }),
  }
  return {
    signer,
    key,
    publicPem: publicKey,
    published: { ...publicJwk, kid: keyId, use: 'sig', alg: algorithm },
  }
}

export const encode = (part: string | Buffer): string => Buffer.from(part).toString('base64url')

/** Signs exactly these bytes, whatever their content. */
export const signText = (
  signer: Signer,
  header: string | Buffer,
  payload: string | Buffer,
): string => {
  const input = `${encode(header)}.${encode(payload)}`
  return `${input}.${encode(signer.signature(input))}`
}

export const headerOf = (signer: Signer): Record<string, unknown> => ({
  alg: signer.algorithm,
  typ: 'JWT',
  ...(signer.keyId === undefined ? {} : { kid: signer.keyId }),
})

/** A token as this signer's owner would issue it; `changes` add, replace or (undefined) remove members. */
export const signToken = (
  signer: Signer,
  claims: Readonly<Record<string, unknown>>,
  header: Readonly<Record<string, unknown>> = {},
): string =>
  signText(signer, JSON.stringify({ ...headerOf(signer), ...header }), JSON.stringify(claims))
