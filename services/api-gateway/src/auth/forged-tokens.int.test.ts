import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { forgedWithPublishedKeys } from '../testing/forged-published.ts'
import { forgedTokens } from '../testing/forged-tokens.ts'
import { audience, goodClaims, issuer, type Forgery, type Target } from '../testing/forgery.ts'
import {
  aKeyPair,
  secretSigner,
  signToken,
  startTokenServer,
  startKeyAddress,
  type Signer,
} from '../testing/token-fixtures.ts'
import { secret } from '../testing/token.ts'

type TokenServer = Awaited<ReturnType<typeof startTokenServer>>
const rules = { JWT_ISSUER: issuer, JWT_AUDIENCE: audience }

const rsa = aKeyPair('RS256', 'rsa-1')
const rsaNext = aKeyPair('RS256', 'rsa-2')
const ec = aKeyPair('ES256', 'ec-1')
const ecNext = aKeyPair('ES256', 'ec-2')
const published = { rsaPem: rsa.publicPem, ecPem: ec.publicPem, rsaKid: 'rsa-1', ecKid: 'ec-1' }

const keyAddress = await startKeyAddress()
afterAll(() => keyAddress.close())

const expectedBody = {
  type: 'urn:recargas:error:TOKEN_INVALID',
  title: 'Token inválido',
  status: 401,
  detail: 'El token de acceso no es válido o venció.',
  instance: '/quien',
  code: 'TOKEN_INVALID',
  statusCode: 401,
  timestamp: expect.any(String),
  path: '/quien',
  message: 'Su acceso no es válido o venció; inicie sesión de nuevo.',
  error_detail: null,
}

const constantHeaders = (headers: Headers) =>
  Object.fromEntries([...headers].filter(([name]) => name !== 'date' && name !== 'ratelimit'))

const modes: readonly (readonly [string, Signer, Record<string, string>])[] = [
  ['a shared secret', secretSigner(secret), { JWT_SECRET: secret }],
  ['published RSA keys', rsa.signer, { JWT_JWKS_URI: keyAddress.jwks }],
  ['published EC keys', ec.signer, { JWT_JWKS_URI: keyAddress.jwks }],
]

describe.each(modes)('with %s', (_, signer, environment) => {
  const target: Target = { signer, address: keyAddress.origin }
  const forgeries: readonly Forgery[] = [
    ...forgedTokens(target),
    ...(signer.algorithm === 'HS256' ? [] : forgedWithPublishedKeys(target, published)),
  ]
  let tokenServer: TokenServer
  let headersOfFirst: Record<string, string>

  beforeAll(async () => {
    keyAddress.fakes.keys = [rsa, rsaNext, ec, ecNext].map((pair) => pair.published)
    tokenServer = await startTokenServer({ ...environment, ...rules })
    headersOfFirst = constantHeaders((await tokenServer.who('x')).headers)
  })
  afterAll(() => tokenServer.close())
  beforeEach(() => {
    tokenServer.reasons.length = 0
    keyAddress.asked.length = 0
  })

  test('a good token is let in, else the rest would show nothing', async () => {
    for (const claims of [goodClaims(), { ...goodClaims(), sub: '2', aud: [audience, 'more'] }]) {
      const answer = await tokenServer.who(signToken(signer, claims))
      expect(answer).toMatchObject({
        status: 200,
        body: { merchant: 'principal', userId: '2', username: 'ana', role: 'Operador', scopes: [] },
      })
    }
  })

  test('at least sixty forgeries are tried, each of its own', () => {
    expect(forgeries.length).toBeGreaterThanOrEqual(60)
    expect(new Set(forgeries.map(([name]) => name)).size).toBe(forgeries.length)
    expect(new Set(forgeries.map(([, token]) => token)).size).toBe(forgeries.length)
  })

  test.each(forgeries)(
    '%s: 401, one answer, no question to anybody',
    async (_name, token, reason) => {
      const answer = await tokenServer.who(token)
      expect(answer.status).toBe(401)
      expect(answer.body).toEqual(expectedBody)
      expect(constantHeaders(answer.headers)).toEqual(headersOfFirst)
      expect(tokenServer.reasons).toEqual([reason])
      expect(keyAddress.asked).toEqual([])
    },
  )
})
