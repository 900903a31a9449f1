import {
  operations,
  type Currency,
  type GatewayRefusal,
  type OperationData,
  type OperationKind,
  type RefusalOf,
  type ResultOf,
  type TillPayload,
  type TillPayloads,
} from '@recargas/contracts'
import type { Contract } from '../api/contract.ts'
import { anyShop } from '../api/parse.ts'
import type { Call, Reply, Route } from '../api/route.ts'
import { merchantRefusal, type Shop, type Shops } from '../catalogue/catalogue.ts'
import type { CommandBase, CommandInput, CommandReply, ExecuteCommand } from './execute-command.ts'

type CallerShop = { readonly shop: Shop | null; readonly currency: Currency }

/** The till's own part of a press, beside the command's data or the reason for which the gateway refuses it. */
type PressOf<Kind extends OperationKind> = { readonly payload: TillPayloads[Kind] } & (
  | { readonly data: Omit<OperationData<Kind>, keyof CommandBase> }
  | { readonly refusal: GatewayRefusal }
)

type CommandRoute<Kind extends OperationKind> = Pick<Route, 'method' | 'path' | 'roles'> & {
  readonly operation: Kind
  readonly contract: Omit<Contract, 'headers'>
  /** Refusals of the operation that no press of this route can meet. */
  readonly unmet?: readonly RefusalOf<Kind>[]
  /** Parses a request. Throws a problem for one that is none. */
  readonly read: (call: Call, caller: CallerShop) => PressOf<Kind>
  readonly reply: (result: ResultOf<Kind>) => Reply
}

/** The route of one operation: its refusals follow from the registry, and every request takes the same way. */
export const commandRoute = <Kind extends OperationKind>(
  { executeCommand, shops }: { readonly executeCommand: ExecuteCommand; readonly shops: Shops },
  { operation, contract, unmet = [], read, reply, ...route }: CommandRoute<Kind>,
): Route => ({
  ...route,
  operation,
  contract: {
    ...contract,
    headers: ['Idempotency-Key'],
    problems: [...contract.problems, ...refusalsOf(operation, unmet)],
  },
  answer: async (call) => {
    const shop = shops.find(call.principal.merchant)
    const { currency } = shop ?? anyShop
    const press = read(call, { shop, currency })
    const payload = { kind: operation, ...press.payload } as TillPayload
    const commandReply = await executeCommand(
      call,
      route,
      { payload, input: inputOf(operation, shop, press) },
      { currency },
    )
    return reply(requireResult(commandReply, operation))
  },
})

const refusalsOf = <Kind extends OperationKind>(
  operation: Kind,
  unmet: readonly RefusalOf<Kind>[],
): readonly RefusalOf<Kind>[] =>
  (operations[operation].refusals as readonly RefusalOf<Kind>[]).filter(
    (code) => !unmet.includes(code),
  )

const inputOf = <Kind extends OperationKind>(
  operation: Kind,
  shop: Shop | null,
  press: PressOf<Kind>,
) => {
  if (shop === null) return { type: 'refused', refusal: merchantRefusal } as const
  if ('refusal' in press) return { type: 'refused', refusal: press.refusal } as const
  return { type: `${operation}.v1`, data: press.data } as unknown as CommandInput
}

/** The ledger answers each command with its operation's own result; another is a bug. */
export const requireResult = <Kind extends OperationKind>(
  commandReply: CommandReply,
  operation: Kind,
): ResultOf<Kind> => {
  const kind = operations[operation].result?.shape.kind.value
  if (commandReply.kind === 'applied' && commandReply.result.kind === kind) {
    return commandReply.result as ResultOf<Kind>
  }
  throw new Error(`expected a result of ${operation}`)
}
