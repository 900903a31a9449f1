import type { OperationResult } from '@recargas/contracts'
import type { Performed } from './execute-command.ts'

/** The ledger answers each command with its own kind of result; another is a bug. */
export const requireResult = <Kind extends OperationResult['kind']>(
  performed: Performed,
  kind: Kind,
): Extract<OperationResult, { kind: Kind }> => {
  if (performed.kind === 'applied' && performed.result.kind === kind) {
    return performed.result as Extract<OperationResult, { kind: Kind }>
  }
  throw new Error(`expected a result of kind ${kind}`)
}
