import * as oauth from 'oauth4webapi'
import { clockOffsetMs } from '../api/connection.ts'
import type { Issuer } from './issuer.ts'
import type { SignInFault } from './sign-in-fault.ts'

/** Secrets of one sign-in, which its answer has to match. */
export type Attempt = {
  readonly state: string
  readonly nonce: string
  readonly verifier: string
}

export type Tokens = {
  readonly token: string
  readonly refreshToken: string | null
  readonly idToken: string | null
  /** Null where the issuer does not tell it. */
  readonly lifetimeMs: number | null
}

const timeoutMs = 10_000

const optionsOf = ({ url }: Issuer) => ({
  signal: () => AbortSignal.timeout(timeoutMs),
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- the gateway takes an issuer without https outside production only
  [oauth.allowInsecureRequests]: new URL(url).protocol === 'http:',
})

/** The clock of this device may be wrong by a day; the gateway's is not. */
const clientOf = ({ clientId }: Issuer): oauth.Client => ({
  client_id: clientId,
  [oauth.clockSkew]: -Math.round(clockOffsetMs.value / 1_000),
})

const discover = async (issuer: Issuer): Promise<oauth.AuthorizationServer> => {
  const url = new URL(issuer.url)
  return oauth.processDiscoveryResponse(url, await oauth.discoveryRequest(url, optionsOf(issuer)))
}

/** The address at which the issuer asks for the person, and the secrets of this attempt. */
export const prepare = async (
  issuer: Issuer,
  redirectUri: string,
): Promise<{ readonly url: string; readonly attempt: Attempt }> => {
  const { authorization_endpoint: endpoint } = await discover(issuer)
  if (endpoint === undefined) throw new oauth.UnsupportedOperationError('no endpoint to sign in at')
  const attempt = {
    state: oauth.generateRandomState(),
    nonce: oauth.generateRandomNonce(),
    verifier: oauth.generateRandomCodeVerifier(),
  }
  const url = new URL(endpoint)
  const parameters = {
    client_id: issuer.clientId,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: issuer.scope,
    state: attempt.state,
    nonce: attempt.nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(attempt.verifier),
    code_challenge_method: 'S256',
    // An issuer renews for an application without a person's presence only where that person has agreed.
    ...(issuer.scope.split(' ').includes('offline_access') ? { prompt: 'consent' } : {}),
  }
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  return { url: url.href, attempt }
}

/** Takes the issuer's answer for its tokens. @throws where anything of it does not match the attempt */
export const redeem = async (
  issuer: Issuer,
  { state, nonce, verifier }: Attempt,
  answer: URLSearchParams,
  redirectUri: string,
): Promise<Tokens> => {
  const [server, client] = [await discover(issuer), clientOf(issuer)]
  const checked = oauth.validateAuthResponse(server, client, answer, state)
  const response = await oauth.authorizationCodeGrantRequest(
    server,
    client,
    oauth.None(),
    checked,
    redirectUri,
    verifier,
    optionsOf(issuer),
  )
  const expected = { expectedNonce: nonce, requireIdToken: true }
  return tokensOf(await oauth.processAuthorizationCodeResponse(server, client, response, expected))
}

/** @throws where the issuer does not renew */
export const renew = async (issuer: Issuer, refreshToken: string): Promise<Tokens> => {
  const [server, client] = [await discover(issuer), clientOf(issuer)]
  const options = optionsOf(issuer)
  const response = await oauth.refreshTokenGrantRequest(
    server,
    client,
    oauth.None(),
    refreshToken,
    options,
  )
  const renewed = tokensOf(await oauth.processRefreshTokenResponse(server, client, response))
  // An issuer that does not replace it leaves it valid.
  return { ...renewed, refreshToken: renewed.refreshToken ?? refreshToken }
}

/** The address that ends the person's session at the issuer; null where it has none. */
export const endSessionUrl = async (
  issuer: Issuer,
  idToken: string | null,
  returnUri: string,
): Promise<string | null> => {
  const { end_session_endpoint: endpoint } = await discover(issuer)
  if (endpoint === undefined) return null
  const url = new URL(endpoint)
  url.searchParams.set('client_id', issuer.clientId)
  url.searchParams.set('post_logout_redirect_uri', returnUri)
  if (idToken !== null) url.searchParams.set('id_token_hint', idToken)
  return url.href
}

const tokensOf = (response: oauth.TokenEndpointResponse): Tokens => ({
  token: response.access_token,
  refreshToken: response.refresh_token ?? null,
  idToken: response.id_token ?? null,
  lifetimeMs: response.expires_in === undefined ? null : response.expires_in * 1_000,
})

const serverError = 500

/** The cause of a failed sign-in, as a person can act on it. */
export const faultOf = (error: unknown): SignInFault => {
  if (error instanceof oauth.AuthorizationResponseError) return 'denied'
  if (error instanceof oauth.ResponseBodyError) {
    return error.status >= serverError ? 'unreachable' : 'answer'
  }
  if (error instanceof oauth.OperationProcessingError) {
    const isDown = error.cause instanceof Response && error.cause.status >= serverError
    return isDown ? 'unreachable' : 'answer'
  }
  return error instanceof oauth.UnsupportedOperationError ? 'answer' : 'unreachable'
}
