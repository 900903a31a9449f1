import { signal } from '@preact/signals'
import { noteAnswer } from '../api/connection.ts'
import type { ClaimNames } from '../session/claims.ts'

/** Issuer of tokens (OpenID Connect) that this gateway takes. */
export type Issuer = {
  readonly url: string
  readonly clientId: string
  readonly scope: string
  readonly claims: ClaimNames
}

/** Null where a token comes from elsewhere. Undefined until the gateway has told it. */
export const issuer = signal<Issuer | null | undefined>(undefined)

const retryMs = 2_000

/** Asks the gateway once, and again as long as it does not answer. @returns the end of it */
export const askForIssuer = (): (() => void) => {
  let isOver = issuer.value !== undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  const ask = async () => {
    if (isOver) return
    try {
      issuer.value = await readIssuer()
    } catch {
      timer = setTimeout(() => void ask(), retryMs)
    }
  }
  void ask()
  return () => {
    isOver = true
    clearTimeout(timer)
  }
}

/** @throws where the gateway does not answer */
const readIssuer = async (): Promise<Issuer | null> => {
  const sentAtMs = performance.now()
  const response = await fetch('/tienda/acceso')
  noteAnswer(response, sentAtMs)
  if (!response.ok) throw new Error(`/tienda/acceso answered ${response.status}`)
  return issuerOf((await response.json()) as IssuerBody)
}

/** The gateway's own words. */
type IssuerBody = {
  readonly emisor: string | null
  readonly cliente: string | null
  readonly alcance: string
  readonly reclamos: Readonly<
    Record<'sujeto' | 'nombre' | 'rol' | 'id_rol' | 'comercio' | 'alcance', readonly string[]>
  >
}

export const issuerOf = ({ emisor, cliente, alcance, reclamos }: IssuerBody): Issuer | null =>
  emisor === null || cliente === null
    ? null
    : {
        url: emisor,
        clientId: cliente,
        scope: alcance,
        claims: {
          subject: reclamos.sujeto,
          username: reclamos.nombre,
          role: reclamos.rol,
          roleId: reclamos.id_rol,
          merchant: reclamos.comercio,
          scope: reclamos.alcance,
        },
      }
