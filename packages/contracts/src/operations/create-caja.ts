import { z } from 'zod'
import { Money } from '../money.ts'
import { CajaResult, CajaSpecialty } from '../views.ts'
import { declareOperation } from './operation.ts'
import { shopPress } from './press.ts'

/** Makes a caja with an empty drawer or with the cash that is in it. */
export const createCaja = declareOperation({
  kind: 'CreateCaja',
  schema: z.strictObject({
    ...shopPress,
    name: z.string().min(3).max(100),
    specialty: CajaSpecialty,
    balance: Money,
  }),
  payload: z.strictObject({ name: z.string(), specialty: z.string(), balance: z.number() }),
  result: CajaResult,
  refusals: ['CURRENCY_MISMATCH'],
  entry: { kind: 'create-caja', statement: 'opening', shift: { before: 'initial' } },
})
export type CreateCaja = z.infer<typeof createCaja.schema>
