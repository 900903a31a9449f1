import { generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Provider, type Configuration } from 'oidc-provider'

/** Claims of each account; the account's name is what a person types at the issuer. */
const claimsOf: Readonly<Record<string, object>> = {
  ana: { roleName: 'Administrador', username: 'Ana' },
  'no-renewal': { roleName: 'Operador', username: 'Luz' },
  'no-role': { username: 'Eva' },
  'other-shop': { roleName: 'Operador', merchant: 'no such shop' },
}

export const audience = 'recargas'
export const clientId = 'recargas-screen'
/** Short, so that a test sees the renewal: it is due in the last quarter. */
const accessSeconds = 8

const signingKey = () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return { ...privateKey.export({ format: 'jwk' }), kid: 'e2e', alg: 'ES256', use: 'sig' }
}

const configurationFor = (screenOrigin: string): Configuration => ({
  jwks: { keys: [signingKey()] },
  cookies: { keys: ['e2e'] },
  clients: [
    {
      client_id: clientId,
      token_endpoint_auth_method: 'none',
      id_token_signed_response_alg: 'ES256',
      redirect_uris: [`${screenOrigin}/tienda`],
      post_logout_redirect_uris: [`${screenOrigin}/tienda`],
      grant_types: ['authorization_code', 'refresh_token'],
    },
  ],
  clientBasedCORS: (_context, origin) => origin === screenOrigin,
  issueRefreshToken: (_context, _client, code) => Promise.resolve(code.accountId !== 'no-renewal'),
  findAccount: (_context, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
  extraTokenClaims: (_context, token) =>
    'accountId' in token ? { ...claimsOf[token.accountId] } : undefined,
  ttl: { Interaction: 600, Session: 600, Grant: 600, RefreshToken: 600, IdToken: 600 },
  features: {
    resourceIndicators: {
      enabled: true,
      defaultResource: () => `urn:${audience}`,
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({
        scope: '',
        audience,
        accessTokenFormat: 'jwt',
        accessTokenTTL: accessSeconds,
        jwt: { sign: { alg: 'ES256' } },
      }),
    },
  },
})

export type Issuer = Awaited<ReturnType<typeof startIssuer>>

/** A real issuer with login pages of its own, for one screen. */
export const startIssuer = async () => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    /** Until then nothing is answered, since a client names its screen's address. */
    serve: (screenOrigin: string) => {
      const answer = new Provider(url, configurationFor(screenOrigin)).callback()
      server.on('request', (request, response) => void answer(request, response))
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
