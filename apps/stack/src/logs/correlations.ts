import { findSale } from '../reach/find-sale.ts'
import { readSettings } from '../reach/target.ts'

export type Correlations = {
  readonly ids: readonly string[]
  /** Set when the number's sale was not found; it may still be a request's own id. */
  readonly problem: Error | null
}

/**
 * The ids of a request, a sale or its number in the logs. A number may be a request's own id as well as a sale's number, which
 * only the ledger can decide: both count.
 * @param merchant the shop of the sale with that number
 */
export const correlationsOf = async (
  correlation: string,
  merchant?: string,
): Promise<Correlations> => {
  if (!/^\d+$/.test(correlation)) return { ids: [correlation], problem: null }
  try {
    const shop = merchant === undefined ? {} : { merchant }
    const { topupId } = await findSale(readSettings(), shop, correlation)
    return { ids: [correlation, topupId], problem: null }
  } catch (error) {
    const problem = error instanceof Error ? error : new Error(String(error))
    return { ids: [correlation], problem }
  }
}
