import type { SessionView } from '@recargas/contracts'
import { z } from 'zod'
import { IdField } from '../api/fields.ts'
import { parseId } from '../api/parse.ts'
import { Problem } from '../api/problem.ts'
import type { Principal } from '../api/route.ts'

export const SessionParams = z.strictObject({ id: IdField })

/** Parses the session id of a path. Throws SESSION_NOT_FOUND for an impossible id. */
export const requireSessionId = (text: string | undefined): number => {
  const id = parseId(text)
  if (id === null) throw new Problem('SESSION_NOT_FOUND', { sessionId: (text ?? '').slice(0, 20) })
  return id
}

/** Another's session is seen by an Administrador only. */
export const requireOwnSession = (principal: Principal, { userId }: SessionView): void => {
  if (principal.role !== 'Administrador' && principal.userId !== userId) {
    throw new Problem('SESSION_OF_ANOTHER')
  }
}
