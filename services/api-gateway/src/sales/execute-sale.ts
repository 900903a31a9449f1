import { Problem } from '../api/problem.ts'
import type { Call, Reply, Route } from '../api/route.ts'
import type { Order, Perform, Press } from '../commands/execute-command.ts'
import { readPreferredWait } from './preferred-wait.ts'
import { saleReply } from './sale-body.ts'

/** What every sale does, whatever is sold: carries it out and answers within the wait its caller prefers. */
export const performSale = async (
  perform: Perform,
  call: Call,
  route: Pick<Route, 'method' | 'path'>,
  press: Press<Extract<Order, { type: 'RequestTopup.v1' | 'RequestBundle.v1' }>>,
  options: Omit<Parameters<Perform>[3], 'settlementWaitMs'>,
): Promise<Reply> => {
  const preferred = readPreferredWait(call.header('prefer'))
  const performed = await perform(call, route, press, {
    ...options,
    ...(preferred === null ? {} : { settlementWaitMs: preferred.waitMs }),
  })
  if (performed.kind !== 'topup') throw new Error('a sale led to something else')
  const reply = saleReply(performed.topup)
  if (preferred === null || reply.status !== 202) return reply
  return { ...reply, headers: { ...reply.headers, 'preference-applied': preferred.applied } }
}

/** Whether the cashier insists on a sale that looks like an earlier one. Throws {@link Problem}. */
export const readConfirmation = (call: Call): boolean => {
  const header = call.header('x-confirmar-duplicado')
  if (header === undefined || header === 'false') return false
  if (header === 'true') return true
  throw new Problem('HEADER_INVALID', {
    header: 'X-Confirmar-Duplicado',
    expected: 'true o false',
  })
}
