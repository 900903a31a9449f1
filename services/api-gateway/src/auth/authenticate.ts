import type { MerchantId } from '@recargas/contracts'
import { Problem } from '../api/problem.ts'
import type { Principal } from '../api/route.ts'
import { unpublished } from '../commands/unpublished.ts'
import type { RefusalReason } from './reasons.ts'
import type { Verify } from './verify.ts'

type Deps = {
  readonly verify: Verify
  /** The merchant of a token without the merchant claim; without this setting such a token is refused. */
  readonly defaultMerchant?: MerchantId | undefined
  readonly report: (reason: RefusalReason) => void
}
export type Authenticate = (
  authorization: string | undefined,
  /** True when nothing can have taken place under the command that the request stands for. */
  request: { readonly isUnkeyedCommand: boolean },
) => Principal

/**
 * Reads `Authorization: Bearer <token>`. Throws {@link Problem}: the answer is the same for every refused token, and only its
 * cause, for the log, gives the reason.
 */
export const createAuthenticate =
  (deps: Deps): Authenticate =>
  (authorization, { isUnkeyedCommand }) => {
    const result = deps.verify(bearerOf(authorization))
    switch (result.kind) {
      case 'refused':
        throw refuse(deps, result.reason)
      case 'keys-unavailable':
        // Not a 401, which would log every POS out for a fault of ours.
        throw unpublished(
          { kind: isUnkeyedCommand ? 'unkeyed' : 'unnamed' },
          new Error('no keys to verify tokens with'),
        )
      case 'verified': {
        const { userId, username, role, scopes } = result.token
        const merchant = result.token.merchant ?? deps.defaultMerchant
        if (merchant === undefined) throw refuse(deps, 'no-merchant')
        return { merchant, userId, username, role, scopes }
      }
    }
  }

/** A missing token has its own answer, as RFC 6750 asks; it reveals nothing about any token. */
const bearerOf = (authorization = ''): string => {
  const [, token] = /^Bearer +(\S.*)$/i.exec(authorization) ?? []
  if (token === undefined) {
    throw new Problem('TOKEN_MISSING', {}, { headers: { 'www-authenticate': 'Bearer' } })
  }
  return token
}

const refuse = ({ report }: Deps, reason: RefusalReason): Problem => {
  report(reason)
  return new Problem(
    'TOKEN_INVALID',
    {},
    { cause: reason, headers: { 'www-authenticate': 'Bearer error="invalid_token"' } },
  )
}
