import { z } from 'zod'
import { SequenceId } from '../ids.ts'
import { Money } from '../money.ts'
import { CajaResult, CajaSpecialty } from '../views.ts'
import { declareOperation } from './operation.ts'
import { shopPress } from './press.ts'

/** Renames a caja, retires it, or corrects the cash of its drawer. */
export const changeCaja = declareOperation({
  kind: 'ChangeCaja',
  schema: z.strictObject({
    ...shopPress,
    cajaId: SequenceId,
    name: z.string().min(3).max(100).optional(),
    specialty: CajaSpecialty.optional(),
    /** Cash counted in the drawer, with that of pending sales; the difference is booked as over or short. */
    balance: Money.optional(),
    active: z.boolean().optional(),
  }),
  payload: z.strictObject({
    cajaId: z.number(),
    name: z.string().nullable(),
    specialty: z.string().nullable(),
    balance: z.number().nullable(),
    active: z.boolean().nullable(),
  }),
  result: CajaResult,
  refusals: ['CAJA_NOT_FOUND', 'CAJA_HAS_OPEN_SESSION', 'CAJA_NOT_EMPTY', 'CURRENCY_MISMATCH'],
  entry: {
    kind: 'change-caja',
    statement: 'correction',
    shift: { in: 'correction-in', out: 'correction-out', before: 'correction-before' },
  },
})
export type ChangeCaja = z.infer<typeof changeCaja.schema>
