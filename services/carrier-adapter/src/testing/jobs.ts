import { randomUUID } from 'node:crypto'
import {
  FundsReserved,
  type CloseTopupMessage,
  type FundsReservedMessage,
} from '@recargas/contracts'

/** A job as the ledger asks for it: a sale of ten pesos, requested now. */
export const aJob = (changes: Partial<Record<keyof FundsReserved, unknown>> = {}): FundsReserved =>
  FundsReserved.parse({
    topupId: randomUUID(),
    merchant: 'principal',
    operator: 'Tigo',
    carrier: 'tpaga',
    slug: 'tigo',
    number: '78945612',
    amount: 1_000,
    carrierAmount: 1_000,
    requestedAt: new Date().toISOString(),
    ...changes,
  })

/** A job for the documented package of 9,900 pesos, with a leading zero in its code. */
export const aBundleJob = (
  changes: Partial<Record<keyof FundsReserved, unknown>> = {},
): FundsReserved =>
  aJob({
    operator: 'Claro',
    slug: 'claro-movil',
    number: '3001234567',
    amount: 990_000,
    carrierAmount: 9_900,
    bundle: { provider: '58', code: '024', name: '200 MINUTOS A TODO OPERADOR' },
    ...changes,
  })

export const asMessage = (job: FundsReserved): FundsReservedMessage => ({
  specversion: '1.0',
  id: `${job.topupId}:reserved`,
  source: 'ledger',
  type: 'FundsReserved.v1',
  subject: job.topupId,
  time: job.requestedAt,
  correlationid: `corr-${job.topupId}`,
  data: job,
})

export const asClosing = (job: FundsReserved): CloseTopupMessage => ({
  ...asMessage(job),
  id: `${job.topupId}:close`,
  type: 'CloseTopup.v1',
})
