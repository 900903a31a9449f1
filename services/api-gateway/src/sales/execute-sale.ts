import { Problem } from '../api/problem.ts'
import type { Call, Reply, Route } from '../api/route.ts'
import type {
  CommandInput,
  ExecuteCommand,
  ExecuteOptions,
  Press,
} from '../commands/execute-command.ts'
import { readPreferredWait } from './preferred-wait.ts'
import { saleReply } from './sale-body.ts'

/** Executes a sale of any kind and answers within the wait that its caller prefers, else within that of the options. */
export const executeSale = async (
  executeCommand: ExecuteCommand,
  call: Call,
  route: Pick<Route, 'method' | 'path'>,
  press: Press<Extract<CommandInput, { type: 'RequestTopup.v1' | 'RequestBundle.v1' }>>,
  options: ExecuteOptions,
): Promise<Reply> => {
  const preferred = readPreferredWait(call.header('prefer'))
  const commandReply = await executeCommand(call, route, press, {
    ...options,
    ...(preferred === null ? {} : { settlementWaitMs: preferred.waitMs }),
  })
  if (commandReply.kind !== 'topup')
    throw new Error('a sale returned the result of another operation')
  const reply = saleReply(commandReply.topup)
  if (preferred === null || reply.status !== 202) return reply
  return { ...reply, headers: { ...reply.headers, 'preference-applied': preferred.applied } }
}

/** True where the cashier insists on a sale that looks like an earlier one. Throws {@link Problem}. */
export const readConfirmation = (call: Call): boolean => {
  const header = call.header('x-confirmar-duplicado')
  if (header === undefined || header === 'false') return false
  if (header === 'true') return true
  throw new Problem('HEADER_INVALID', {
    header: 'X-Confirmar-Duplicado',
    expected: 'true o false',
  })
}
