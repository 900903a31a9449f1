import type { ResultOf } from '@recargas/contracts'
import { z } from 'zod'
import { textField } from '../api/fields.ts'
import { parseBody } from '../api/parse.ts'
import { administratorOnly, type Route } from '../api/route.ts'
import { userIdOnWire } from '../api/users.ts'
import { InstantText, UserOnWire } from '../api/wire.ts'
import { commandRoute } from '../commands/command-route.ts'
import type { InjectDeps } from './inject-float.ts'

const unitsMax = 100_000_000_000

const RechargeRequest = z.strictObject({
  unidades_proveedor: z
    .int()
    .min(1)
    .max(unitsMax)
    .meta({
      description: 'in the carrier’s own unit, as it tells its balance',
      examples: [500_000],
    }),
  nota: textField(500, 'transferencia 4711'),
})

const RechargeAnswer = z
  .strictObject({
    id_transaccion: z.uuid(),
    unidades_proveedor: z.int(),
    nota: z.string(),
    id_user_create: UserOnWire,
    fecha: InstantText,
  })
  .meta({ id: 'RecargaProveedor' })

/** POST /recargas/proveedor: the company has paid into its account at the carrier. */
export const rechargeRoute = (deps: InjectDeps): Route =>
  commandRoute(deps, {
    operation: 'RecordRecharge',
    method: 'post',
    path: '/recargas/proveedor',
    roles: administratorOnly,
    contract: {
      summary: 'Record a recharge of the company’s balance at the carrier',
      description:
        'Reconciliation then expects the sum and opens no case for it, whether the carrier has credited it already or does so ' +
        'later. It moves no float and no cash. Send an Idempotency-Key: each recharge is recorded once.',
      body: RechargeRequest,
      replies: [{ status: 201, says: 'recorded', body: RechargeAnswer }],
      problems: [],
    },
    read: ({ body }) => {
      const { unidades_proveedor, nota } = parseBody(RechargeRequest, body)
      const asked = { carrierAmount: unidades_proveedor, note: nota }
      return { payload: asked, data: asked }
    },
    reply: (result) => ({ status: 201, body: rechargeBody(result) }),
  })

export const rechargeBody = ({ recharge }: ResultOf<'RecordRecharge'>) => ({
  id_transaccion: recharge.operationId,
  unidades_proveedor: recharge.carrierAmount,
  nota: recharge.note,
  id_user_create: userIdOnWire(recharge.by),
  fecha: recharge.at,
})
