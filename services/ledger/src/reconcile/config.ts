import { stackFolder, targetSetting, type Environment } from '@recargas/runtime'
import { z } from 'zod'

export type Target = { readonly ledgerUrl: string; readonly serviceToken: string }

const Url = z.url({ protocol: /^https?$/ })

/**
 * Finds the ledger: LEDGER_URL and SERVICE_TOKEN (each also as NAME_FILE), else the values that the stack of `npm start`
 * stored, whatever its ports are.
 * @throws with the setting to add
 */
export const readTarget = (environment: Environment): Target => {
  const ledgerUrl = targetSetting(environment, 'LEDGER_URL')
  const serviceToken = targetSetting(environment, 'SERVICE_TOKEN')
  if (ledgerUrl === undefined || serviceToken === undefined) {
    throw new Error(
      `the ledger is not named: set LEDGER_URL and SERVICE_TOKEN, or run npm start, since nothing is kept in ${stackFolder(environment)}`,
    )
  }
  if (!Url.safeParse(ledgerUrl).success) throw new Error(`LEDGER_URL is no http address`)
  return { ledgerUrl, serviceToken }
}
