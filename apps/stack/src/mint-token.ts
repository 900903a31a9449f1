import jwt from 'jsonwebtoken'
import { environmentValue } from './given-value.ts'

/** Whom a development token speaks for. */
export type Holder = {
  readonly userId: number
  readonly role: string
  /** The name in the audit; role and id by default. */
  readonly username?: string | undefined
  readonly merchant?: string | undefined
  readonly ttl?: string | undefined
}

const roleIds: Readonly<Record<string, number>> = { Administrador: 1, Operador: 2, Usuario: 3 }
/** The roles that the gateway knows. */
export const roles: readonly string[] = Object.keys(roleIds)
/** A shift: the POS never refreshes a token. */
const defaultTtl = '8h'

/** A token as the identity provider would issue it. @throws in production, where only that provider may */
export const mintToken = (
  secret: string,
  { userId, role, username, merchant, ttl }: Holder,
): string => {
  if (process.env['NODE_ENV'] === 'production') {
    throw new Error('development tokens are not made where NODE_ENV is production')
  }
  const claims = {
    username: username ?? `${role.toLowerCase()}-${userId}`,
    roleName: role,
    ...(roleIds[role] !== undefined && { roleId: roleIds[role] }),
    ...(merchant !== undefined && { merchant }),
    // Whoever has the stack's secret runs the installation.
    ...(role === 'Administrador' && { scope: 'operacion' }),
  }
  const issuer = environmentValue('JWT_ISSUER')
  const audience = environmentValue('JWT_AUDIENCE')
  return jwt.sign(claims, secret, {
    algorithm: 'HS256',
    subject: String(userId),
    expiresIn: (ttl ?? defaultTtl) as `${number}h`,
    ...(issuer && { issuer }),
    ...(audience && { audience }),
  })
}
