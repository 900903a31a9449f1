import type { MerchantId } from '@recargas/contracts'
import { Problem } from '../api/problem.ts'
import type { Principal } from '../api/route.ts'
import { unpublished } from '../commands/unpublished.ts'
import type { RefusalReason } from './reasons.ts'
import type { Verify } from './verify.ts'

type Deps = {
  readonly verify: Verify
  /** Whose a token is that names no merchant; without it such a token is refused. */
  readonly defaultMerchant?: MerchantId | undefined
  readonly report: (reason: RefusalReason) => void
}
export type Authenticate = (
  authorization: string | undefined,
  /** Whether nothing can have taken place under whatever the request stands for. */
  request: { readonly isUnkeyedCommand: boolean },
) => Principal

/**
 * Reads `Authorization: Bearer <token>`. Throws {@link Problem}: whatever is wrong with a token that was shown, the
 * answer is the same to the letter, and only its cause, for the log, tells why.
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
        const { userId, username, role } = result.token
        const merchant = result.token.merchant ?? deps.defaultMerchant
        if (merchant === undefined) throw refuse(deps, 'no-merchant')
        return { merchant, userId, username, role }
      }
    }
  }

/** No token at all is told apart, as RFC 6750 asks; it says nothing about any token. */
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
