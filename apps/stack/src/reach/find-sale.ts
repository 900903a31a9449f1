import { OperationAnswer, TopupView } from '@recargas/contracts'
import { z } from 'zod'
import { ask } from './client.ts'
import { CannotRun, Wrong, type Settings } from './target.ts'

export type OfMerchant = { readonly merchant?: string }

const merchantOf = (settings: Settings, { merchant }: OfMerchant): string =>
  merchant ?? settings.find('DEFAULT_MERCHANT') ?? 'principal'

/**
 * Finds a sale by its sequence number or by its id_transaccion.
 * @throws Wrong where the shop has no such sale, or it was refused
 * @throws CannotRun where the id is neither, or the ledger does not answer
 */
export const findSale = async (
  settings: Settings,
  options: OfMerchant,
  id: string,
): Promise<TopupView> => {
  const base = `/internal/merchants/${encodeURIComponent(merchantOf(settings, options))}`
  if (/^\d+$/.test(id)) {
    const found = await ask(settings, 'ledger', `${base}/topups/${id}`, TopupView)
    if (found !== null) return found
  } else if (z.uuid().safeParse(id).success) {
    const answer = await ask(settings, 'ledger', `${base}/operations/${id}`, OperationAnswer)
    if (answer?.kind === 'topup') return answer.topup
    if (answer?.kind === 'refused') throw new Wrong(`${id} was refused: ${answer.refusal.code}`)
  } else {
    throw new CannotRun(`${id} is neither a sale's number nor an id_transaccion`)
  }
  throw new Wrong(`${merchantOf(settings, options)} has no sale ${id} (another shop: --merchant)`)
}
