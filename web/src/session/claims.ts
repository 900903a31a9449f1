export const roles = ['Administrador', 'Operador', 'Usuario'] as const
export type Role = (typeof roles)[number]

/** The person that a token speaks for. The gateway verifies it; the screen only reads it. */
export type Person = {
  readonly token: string
  readonly userId: string
  readonly name: string
  readonly role: Role
  /** Null where the gateway's default merchant counts. */
  readonly merchant: string | null
}

/** A stored press is sent again only by the person who made it: the gateway derives the sale from its user too. */
export const ownerOf = ({ merchant, userId }: Person): string => `${merchant ?? ''}/${userId}`

/** @returns null for a text that is no token of this system */
export const readToken = (token: string): Person | null => {
  const claims = claimsOf(token)
  if (claims === null) return null
  const { sub, username, roleName, merchant } = claims
  const role = roles.find((each) => each === roleName)
  if (role === undefined || (typeof sub !== 'string' && typeof sub !== 'number')) return null
  return {
    token,
    userId: String(sub),
    name: typeof username === 'string' && username !== '' ? username : String(sub),
    role,
    merchant: typeof merchant === 'string' ? merchant : null,
  }
}

type Claims = Readonly<Record<string, unknown>>

const claimsOf = (token: string): Claims | null => {
  const [, payload = '', ...rest] = token.split('.')
  if (rest.length !== 1) return null
  try {
    const text = atob(payload.replaceAll('-', '+').replaceAll('_', '/'))
    const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0))
    const claims: unknown = JSON.parse(new TextDecoder().decode(bytes))
    return typeof claims === 'object' && claims !== null ? (claims as Claims) : null
  } catch {
    return null
  }
}
