import {
  QuarantineCause,
  quarantineCauses,
  quarantineStepMax,
  type QuarantineChoice,
  type QuarantineResults,
  type QuarantineSettled,
} from '@recargas/contracts'
import { z } from 'zod'
import { lineField, textField } from '../api/fields.ts'
import { parseBody } from '../api/parse.ts'
import { Problem } from '../api/problem.ts'
import { administratorOnly, type Call, type Reply, type Route } from '../api/route.ts'
import { personOf } from '../api/users.ts'
import type { OperationDeps } from './ports.ts'

const nameMax = 200

const isCause = (text: string): boolean => QuarantineCause.safeParse(text).success

const SettleRequest = z.strictObject({
  causa: z
    .string()
    .max(nameMax)
    .refine((text) => isCause(text), 'no es una causa de la cuarentena')
    .meta({ enum: [...quarantineCauses] }),
  tipo_mensaje: lineField(z.string().max(nameMax)).meta({ examples: ['RequestTopup.v1'] }),
  cola: lineField(z.string().max(nameMax)).meta({ examples: ['ledger.3.v1'] }),
  cantidad: z
    .int()
    .positive()
    .meta({ description: 'the size of the group that the person saw', examples: [17] }),
  hasta: z.iso.datetime().meta({
    description: '`en` of the answer that showed it: later arrivals are left',
    examples: ['2026-11-29T12:01:00.000Z'],
  }),
  nota: textField(500, 'Se corrigió el catálogo.').min(3),
})

const SettledAnswer = z
  .strictObject({
    hechas: z.int().nonnegative(),
    dejadas: z
      .array(z.strictObject({ id: z.string(), motivo: z.string().nullable() }))
      .meta({ description: 'messages that were left as they are, and why' }),
    quedan: z.int().nonnegative().meta({ description: 'of the group, with those that were left' }),
  })
  .meta({ id: 'CuarentenaAtendida' })

type Settle = (word: {
  readonly by: string
  readonly reason: string
  readonly choice: QuarantineChoice
  readonly dryRun: false
}) => Promise<QuarantineSettled>

const settleRoute = (
  verb: 'reenviar' | 'descartar',
  { summary, says }: { readonly summary: string; readonly says: string },
  settle: Settle,
): Route => ({
  method: 'post',
  path: `/operacion/cuarentena/${verb}`,
  roles: administratorOnly,
  scope: 'operacion',
  contract: {
    summary,
    description:
      `The oldest ${quarantineStepMax} of a group of GET /operacion at most. Where another number waits than \`cantidad\` ` +
      'nothing is done. Recorded with the person and the note, as `npm run ops -- quarantine` records it. No key is needed: ' +
      'after a first one another number waits.',
    body: SettleRequest,
    replies: [{ status: 200, says, body: SettledAnswer }],
    problems: ['QUARANTINE_CHANGED', 'LEDGER_UNAVAILABLE'],
  },
  answer: (call) => settleGroup(settle, call),
})

const settleGroup = async (settle: Settle, { principal, body }: Call): Promise<Reply> => {
  const { causa, tipo_mensaje, cola, cantidad, hasta, nota } = parseBody(SettleRequest, body)
  const settled = await settle({
    by: personOf(principal),
    reason: nota,
    dryRun: false,
    choice: {
      of: 'group',
      filter: { cause: QuarantineCause.parse(causa), type: tipo_mensaje, queue: cola },
      before: hasta,
      limit: quarantineStepMax,
      expected: cantidad,
    },
  })
  if ('code' in settled) {
    throw new Problem('QUARANTINE_CHANGED', { waiting: settled.waiting, seen: cantidad })
  }
  return { status: 200, body: settledBody(settled) }
}

export const settledBody = ({
  results,
  remaining,
}: QuarantineResults): z.infer<typeof SettledAnswer> => {
  const left = results.filter(({ outcome }) => outcome === 'left')
  return {
    hechas: results.length - left.length,
    dejadas: left.map(({ id, note }) => ({ id, motivo: note })),
    quedan: remaining,
  }
}

/** POST /operacion/cuarentena/reenviar and …/descartar: a person's decision on a group of quarantined messages. */
export const quarantineRoutes = ({ operation }: OperationDeps): readonly Route[] => [
  settleRoute(
    'reenviar',
    { summary: 'Send quarantined messages to their queue again', says: 'sent again' },
    (word) => operation.replay(word),
  ),
  settleRoute(
    'descartar',
    { summary: 'Discard quarantined messages that can never be taken', says: 'discarded' },
    (word) => operation.discard(word),
  ),
]
