import { bundleExamples } from './examples/bundles.ts'
import { cajaExamples, sessionExamples } from './examples/cash.ts'
import { operatorExamples } from './examples/operators.ts'
import { notificationExamples } from './examples/notifications.ts'
import { operationExamples } from './examples/operation.ts'
import { reviewExamples, saleExamples } from './examples/sales.ts'
import { statementExamples } from './examples/statements.ts'

/** One answer for each way a route answers: parts of one shop's day, encoded as the routes encode them. */
export const answerExamples: Readonly<Record<string, unknown>> = {
  ...saleExamples,
  ...reviewExamples,
  ...bundleExamples,
  ...operatorExamples,
  ...cajaExamples,
  ...sessionExamples,
  ...statementExamples,
  ...notificationExamples,
  ...operationExamples,
}
