import type { CaseClosedBefore, CloseCase, OperatorCase } from '@recargas/contracts'
import { z } from 'zod'
import { textField } from '../api/fields.ts'
import { parseBody } from '../api/parse.ts'
import { Problem } from '../api/problem.ts'
import { administratorOnly, type Route } from '../api/route.ts'
import { personOf } from '../api/users.ts'
import { caseBody } from './list-review.ts'
import { CaseAnswer } from './sale-replies.ts'

/** Throws where the ledger cannot be asked; null for a case that there is not. */
export type CaseWrites = {
  readonly closeCase: (
    id: string,
    word: CloseCase,
  ) => Promise<OperatorCase | z.infer<typeof CaseClosedBefore> | null>
}

const CaseParams = z.strictObject({
  id: z.string().min(1).max(120).meta({ description: 'an `id` of GET /incidencias' }),
})
const CloseRequest = z.strictObject({
  nota: textField(500, 'El proveedor devolvió el dinero.').min(3),
})

/** POST /incidencias/:id/cerrar: an Administrador's word that a discrepancy is explained. */
export const closeCaseRoute = ({ closeCase }: CaseWrites): Route => ({
  method: 'post',
  path: '/incidencias/:id/cerrar',
  roles: administratorOnly,
  contract: {
    summary: 'Close a case with a note',
    description:
      'A case stays open until a person says what explains it. The first word stands, with its person and its time: the same ' +
      'one again is answered alike, another one is refused. It moves no money. Safe to repeat without a key.',
    params: CaseParams,
    body: CloseRequest,
    replies: [{ status: 200, says: 'closed', body: CaseAnswer }],
    problems: ['CASE_NOT_FOUND', 'CASE_CLOSED', 'LEDGER_UNAVAILABLE'],
  },
  answer: async ({ principal, params, body }) => {
    const { nota } = parseBody(CloseRequest, body)
    const parsed = CaseParams.safeParse(params)
    const id = params['id'] ?? ''
    const { merchant } = principal
    const closed = parsed.success
      ? await closeCase(id, { by: personOf(principal), reason: nota, merchant })
      : null
    if (closed === null) throw new Problem('CASE_NOT_FOUND', { id: id.slice(0, 40) })
    if ('code' in closed) throw new Problem('CASE_CLOSED', { by: closed.closing.by })
    return { status: 200, body: caseBody(closed) }
  },
})
