import type { OperationId } from '@recargas/contracts'
import type { Contract } from '../api/contract.ts'
import { anyShop } from '../api/parse.ts'
import { Problem } from '../api/problem.ts'
import { amountProblems } from '../api/problems-of.ts'
import { tillRoles, type Call, type Route } from '../api/route.ts'
import type { Shop, Shops } from '../catalogue/catalogue.ts'
import type { CommandInput, ExecuteCommand, Press } from '../commands/execute-command.ts'
import { readPreferredWait } from './preferred-wait.ts'
import { saleReply } from './sale-body.ts'
import { saleHeaders, saleProblems, saleReplies } from './sale-contract.ts'

type SalePress = Press<Extract<CommandInput, { type: 'RequestTopup.v1' | 'RequestBundle.v1' }>>

type SaleRoute = Pick<Route, 'path'> & {
  readonly operation: 'RequestTopup' | 'RequestBundle'
  readonly contract: Pick<Contract, 'summary' | 'description' | 'body' | 'problems'>
  readonly locationOf: (operationId: OperationId) => string
  /** Parses a request. Throws {@link Problem} for an invalid body. */
  readonly read: (call: Call, shop: Shop | null, confirmDuplicate: boolean) => Promise<SalePress>
}

/** The route of one kind of sale. It answers within the wait that its caller prefers, else within that of the settings. */
export const saleRoute = (
  { executeCommand, shops }: { readonly executeCommand: ExecuteCommand; readonly shops: Shops },
  { operation, path, contract, locationOf, read }: SaleRoute,
): Route => {
  const route = { method: 'post', path } as const
  return {
    ...route,
    operation,
    roles: tillRoles,
    contract: {
      ...contract,
      headers: saleHeaders,
      replies: saleReplies,
      problems: [...saleProblems, ...amountProblems, ...contract.problems],
    },
    answer: async (call) => {
      const shop = shops.find(call.principal.merchant)
      const confirmDuplicate = readConfirmation(call)
      const press = await read(call, shop, confirmDuplicate)
      const preferred = readPreferredWait(call.header('prefer'))
      const settlementWaitMs = preferred?.waitMs ?? (isLeftToPerson(press) ? 0 : undefined)
      const commandReply = await executeCommand(call, route, press, {
        currency: (shop ?? anyShop).currency,
        confirmDuplicate,
        locationOf,
        ...(settlementWaitMs === undefined ? {} : { settlementWaitMs }),
      })
      if (commandReply.kind !== 'topup')
        throw new Error('a sale returned the result of another operation')
      const reply = saleReply(commandReply.topup)
      if (preferred === null || reply.status !== 202) return reply
      return { ...reply, headers: { ...reply.headers, 'preference-applied': preferred.applied } }
    },
  }
}

/** Its person confirms it after the answer. */
const isLeftToPerson = ({ input }: SalePress): boolean =>
  input.type === 'RequestTopup.v1' && input.data.terms?.['confirmation'] === 'person'

/** True where the cashier insists on a sale that looks like an earlier one. Throws {@link Problem}. */
const readConfirmation = (call: Call): boolean => {
  const header = call.header('x-confirmar-duplicado')
  if (header === undefined || header === 'false') return false
  if (header === 'true') return true
  throw new Problem('HEADER_INVALID', {
    header: 'X-Confirmar-Duplicado',
    expected: 'true o false',
  })
}
