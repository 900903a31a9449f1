import jwt from 'jsonwebtoken'

export type Answer = {
  readonly status: number
  readonly headers: Headers
  /** The POS's view of an answer; fields as the wire contract names them. */
  readonly body: Readonly<Record<string, unknown>>
  readonly list: readonly Readonly<Record<string, unknown>>[]
}

export type Pos = ReturnType<typeof createPos>

export type Person = {
  readonly user: number
  readonly role: 'Administrador' | 'Operador' | 'Usuario'
  readonly merchant?: string
  readonly scope?: string
}

export const tokenFor = (secret: string, { user, role, merchant, scope }: Person): string => {
  const claims = {
    sub: user,
    username: `user-${user}`,
    roleName: role,
    roleId: { Administrador: 1, Operador: 2, Usuario: 3 }[role],
    ...(merchant === undefined ? {} : { merchant }),
    ...(scope === undefined ? {} : { scope }),
  }
  return jwt.sign(claims, secret, { algorithm: 'HS256', expiresIn: '1h' })
}

/** The system error code of a failed press. With ECONNREFUSED the gateway has not read a byte. */
export const codeOf = (error: unknown): string | undefined =>
  ((error as Error).cause as { readonly code?: string } | undefined)?.code

/** A POS terminal at a gateway, with a logged-in user. @param timeoutMs after which a press fails; none by default */
export const createPos = (gatewayUrl: () => string, token: string, timeoutMs?: number) => {
  const send = async (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> => {
    const response = await fetch(`${gatewayUrl()}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(timeoutMs === undefined ? {} : { signal: AbortSignal.timeout(timeoutMs) }),
    })
    const text = await response.text()
    const read: unknown = text === '' ? {} : JSON.parse(text)
    return {
      status: response.status,
      headers: response.headers,
      body: read as Answer['body'],
      list: (Array.isArray(read) ? read : []) as Answer['list'],
    }
  }
  return {
    get: (path: string) => send('GET', path),
    post: (path: string, body: unknown, headers?: Record<string, string>) =>
      send('POST', path, body, headers),
    patch: (path: string, body: unknown) => send('PATCH', path, body),
    delete: (path: string) => send('DELETE', path),
  }
}
