import { signal } from '@preact/signals'
import { createRecargasClient } from '@recargas/client'
import { readClaims, readToken } from '../session/claims.ts'
import { forgetDrafts } from '../session/draft.ts'
import {
  isRenewalDue,
  keepGrant,
  keepLeaving,
  readGrant,
  takeLeaving,
  type Grant,
} from './grant.ts'
import type { Issuer } from './issuer.ts'
import type { Tokens } from './oidc.ts'
import { enter, expire, isExpired, person, signOut } from '../session/session.ts'
import type { SignInFault } from './sign-in-fault.ts'

/** State of a sign-in at an issuer. */
type Access =
  | { readonly kind: 'idle' }
  | { readonly kind: 'working' }
  | { readonly kind: 'failed'; readonly fault: SignInFault }
export const access = signal<Access>({ kind: 'idle' })

const pagePath = '/tienda'
const redirectUri = (): string => `${window.location.origin}${pagePath}`
const deniedStatus = 401
const tickMs = 2_000
/** A token that is refused so soon after its issue will be refused again. */
const renewedLatelyMs = 10_000

let grant: Grant | null = null
const remember = (next: Grant | null): void => {
  grant = next
  keepGrant(next)
}

/** The part of the screen that only a sign-in at an issuer needs. */
const loadOidc = () => import('./oidc.ts')

/** Leaves for the issuer. Presses and drafts stay in this browser. */
export const beginSignIn = async (issuer: Issuer): Promise<void> => {
  if (!window.isSecureContext) {
    access.value = { kind: 'failed', fault: 'insecure' }
    return
  }
  await attempt(async ({ prepare }) => {
    const { url, attempt: secrets } = await prepare(issuer, redirectUri())
    keepLeaving({ ...secrets, issuer, path: window.location.hash })
    window.location.assign(url)
    return null
  })
}

/** Ends the access here, and the person's session at the issuer: the next person at this device is asked for a name. */
export const leave = async (): Promise<void> => {
  const ended = grant
  remember(null)
  forgetDrafts()
  signOut()
  access.value = { kind: 'idle' }
  if (ended === null) return
  try {
    const { endSessionUrl } = await loadOidc()
    const url = await endSessionUrl(ended.issuer, ended.idToken, redirectUri())
    if (url !== null) window.location.assign(url)
  } catch {
    // An issuer that does not answer cannot be left.
  }
}

/** Takes the issuer's answer from the address, and renews the access before it ends. */
export const followAccess = (): void => {
  grant = readGrant()
  const restored = grant === null ? null : readToken(grant.token, grant.issuer.claims)
  if (person.value === null && restored !== null) enter(restored)
  // A token that came with the address is none of this grant.
  if (grant !== null && person.value?.token !== grant.token) remember(null)
  finishSignIn()
  isExpired.subscribe((isRefused) => {
    if (isRefused) void renewAccess(true)
  })
  setInterval(() => void renewAccess(isExpired.value), tickMs)
  // The browser's own way back from the issuer shows this page as it was left.
  window.addEventListener('pageshow', ({ persisted }) => {
    if (persisted && access.value.kind === 'working') access.value = { kind: 'idle' }
  })
}

/** Removes the issuer's answer from the address at once, so that no history has it. */
const finishSignIn = (): void => {
  const answer = new URLSearchParams(window.location.search)
  if (!answer.has('code') && !answer.has('error')) return
  const leaving = takeLeaving()
  window.history.replaceState(null, '', `${pagePath}${leaving?.path ?? ''}`)
  if (leaving === null || leaving.state !== answer.get('state')) {
    access.value = { kind: 'failed', fault: 'state' }
    return
  }
  // Nothing is asked with the old token meanwhile.
  if (person.value !== null) expire(person.value.token)
  void attempt(async ({ redeem }) => {
    const tokens = await redeem(leaving.issuer, leaving, answer, redirectUri())
    return (await refusalOf(leaving.issuer, tokens)) ?? accept(leaving.issuer, tokens)
  })
}

/** The gateway decides: a token that it refuses signs nobody in. */
const refusalOf = async (issuer: Issuer, { token }: Tokens): Promise<SignInFault | null> => {
  if (readClaims(token) === null) return 'not-accepted'
  if (readToken(token, issuer.claims) === null) return 'role'
  const client = createRecargasClient({ baseUrl: window.location.origin, token: () => token })
  const status = await client.api.GET('/comercio').then(
    ({ response }) => response.status,
    () => null,
  )
  return status === deniedStatus ? 'not-accepted' : null
}

const accept = (issuer: Issuer, tokens: Tokens): SignInFault | null => {
  const found = readToken(tokens.token, issuer.claims)
  if (found === null) return 'role'
  remember({ ...tokens, issuer, receivedAt: Date.now() })
  enter(found)
  return null
}

const renewAccess = async (isRefused: boolean): Promise<void> => {
  if (grant === null || access.value.kind === 'working') return
  const { issuer, refreshToken, receivedAt } = grant
  if (refreshToken === null || (!isRefused && !isRenewalDue(grant, Date.now()))) return
  if (isRefused && Math.abs(Date.now() - receivedAt) < renewedLatelyMs) {
    remember({ ...grant, refreshToken: null })
    access.value = { kind: 'failed', fault: 'not-accepted' }
    return
  }
  const renewed = grant
  const isLeft = () => grant !== renewed
  const fault = await attempt(async ({ renew }) => {
    const tokens = await renew(issuer, refreshToken)
    return isLeft() ? null : accept(issuer, tokens)
  })
  if (fault === null) return
  // A person who left meanwhile is told nothing of it.
  if (isLeft()) access.value = { kind: 'idle' }
  // The issuer has ended the grant: it is not asked again.
  else if (fault !== 'unreachable') remember({ ...renewed, refreshToken: null })
}

/** Runs one exchange with the issuer. */
const attempt = async (
  exchange: (oidc: Awaited<ReturnType<typeof loadOidc>>) => Promise<SignInFault | null>,
): Promise<SignInFault | null> => {
  access.value = { kind: 'working' }
  let fault: SignInFault | null
  try {
    const oidc = await loadOidc()
    fault = await exchange(oidc).catch(oidc.faultOf)
  } catch {
    fault = 'unreachable'
  }
  access.value = fault === null ? { kind: 'idle' } : { kind: 'failed', fault }
  return fault
}
