export const roles = ['Administrador', 'Operador', 'Usuario'] as const
export type Role = (typeof roles)[number]

/** The claims that name a person, as the gateway's settings have them; of several names the first present one counts. */
type Claim = 'subject' | 'username' | 'role' | 'roleId' | 'merchant' | 'scope'
export type ClaimNames = Readonly<Record<Claim, readonly string[]>>

/** The gateway's defaults. */
const usualNames: ClaimNames = {
  subject: ['sub'],
  username: ['username', 'name'],
  role: ['roleName', 'rol'],
  roleId: ['roleId'],
  merchant: ['merchant'],
  scope: ['scope'],
}

/** The names and numbers by which the gateway takes a role. */
const roleOfName: Readonly<Record<string, Role>> = {
  Administrador: 'Administrador',
  admin: 'Administrador',
  Operador: 'Operador',
  user: 'Operador',
  Usuario: 'Usuario',
}

/** The person that a token speaks for. The gateway verifies it; the screen only reads it. */
export type Person = {
  readonly token: string
  readonly userId: string
  readonly name: string
  readonly role: Role
  /** Null where the gateway's default merchant counts. */
  readonly merchant: string | null
  readonly scopes: readonly string[]
}

/** A stored press is sent again only by the person who made it: the gateway derives the sale from its user too. */
export const ownerOf = ({ merchant, userId }: Person): string => `${merchant ?? ''}/${userId}`

/** @returns null for a text that is no token of this system, or names no role of it */
export const readToken = (token: string, names: ClaimNames = usualNames): Person | null => {
  const claims = readClaims(token)
  if (claims === null) return null
  const first = (among: readonly string[]): unknown =>
    claims[among.find((name) => Object.hasOwn(claims, name)) ?? '']
  const subject = first(names.subject)
  const role = roleOf(first(names.role), first(names.roleId))
  if (role === undefined || (typeof subject !== 'string' && typeof subject !== 'number'))
    return null
  const [username, merchant] = [first(names.username), first(names.merchant)]
  return {
    token,
    userId: String(subject),
    name: typeof username === 'string' && username !== '' ? username : String(subject),
    role,
    merchant: typeof merchant === 'string' ? merchant : null,
    scopes: scopesOf(first(names.scope)),
  }
}

/** A text with spaces, or a list. */
const scopesOf = (scope: unknown): readonly string[] => {
  const named: readonly unknown[] = typeof scope === 'string' ? scope.split(' ') : [scope].flat()
  return named.filter((each) => typeof each === 'string')
}

/** The name counts where there is one. */
const roleOf = (name: unknown, id: unknown): Role | undefined => {
  if (name === undefined) return typeof id === 'number' ? roles[id - 1] : undefined
  return typeof name === 'string' && Object.hasOwn(roleOfName, name) ? roleOfName[name] : undefined
}

type Claims = Readonly<Record<string, unknown>>

/** @returns null for a text that has not the form of a token */
export const readClaims = (token: string): Claims | null => {
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
