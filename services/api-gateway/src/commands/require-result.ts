import type { OperationResult } from '@recargas/contracts'
import type { CommandReply } from './execute-command.ts'

/** The ledger answers each command with its own kind of result; another is a bug. */
export const requireResult = <Kind extends OperationResult['kind']>(
  commandReply: CommandReply,
  kind: Kind,
): Extract<OperationResult, { kind: Kind }> => {
  if (commandReply.kind === 'applied' && commandReply.result.kind === kind) {
    return commandReply.result as Extract<OperationResult, { kind: Kind }>
  }
  throw new Error(`expected a result of kind ${kind}`)
}
