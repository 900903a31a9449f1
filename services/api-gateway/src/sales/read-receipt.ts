import { z } from 'zod'
import { parseQuery } from '../api/parse.ts'
import { everyRole, type Reply, type Route } from '../api/route.ts'
import { settingsOf, type Shops } from '../catalogue/catalogue.ts'
import { requireTopup } from './decide-sale.ts'
import type { TopupReads } from './find-sale.ts'
import { receiptOf, type Receipt } from './receipt.ts'
import {
  receiptBytes,
  receiptPage,
  receiptPolicy,
  receiptText,
  type PaperWidth,
} from './receipt-formats.ts'
import { SaleParams } from './sale-contract.ts'

export type ReceiptDeps = {
  readonly reads: TopupReads
  readonly shops: Shops
  /** The receipt shows the last two digits of the number alone. */
  readonly receiptMasksNumber: boolean
}

const formats = ['texto', 'html', 'escpos'] as const
type Format = (typeof formats)[number]

const Query = z.strictObject({
  formato: z
    .enum(formats)
    .optional()
    .meta({ description: 'counts before `Accept`; without both it is text' }),
  ancho: z
    .enum(['58', '80'])
    .optional()
    .meta({ description: 'millimetres of the paper, 80 where it is not said; no matter for html' }),
})

/** GET /recargas/cliente/:id/comprobante: the receipt of a sale, also of a bundle, as it stands now. */
export const receiptRoute = (deps: ReceiptDeps): Route => ({
  method: 'get',
  path: '/recargas/cliente/:id/comprobante',
  roles: everyRole,
  contract: {
    summary: 'Receipt of a sale, to be printed',
    description:
      'By number or by id_transaccion. Text, a page to be printed, or bytes for an ESC/POS printer (`application/octet-stream`). ' +
      'A sale without an outcome says PENDIENTE, one that was not sold NO VENDIDA, in large letters.',
    params: SaleParams,
    query: Query,
    replies: [
      { status: 200, says: 'lines of text', type: 'text/plain', body: z.string() },
      { status: 200, says: 'a page', type: 'text/html', body: z.string() },
      {
        status: 200,
        says: 'bytes for the printer',
        type: 'application/octet-stream',
        body: z.string().meta({ format: 'binary' }),
      },
    ],
    problems: ['TOPUP_NOT_FOUND', 'LEDGER_UNAVAILABLE'],
  },
  answer: async ({ principal: { merchant }, params, query, header }) => {
    const { formato, ancho = '80' } = parseQuery(Query, query)
    const topup = await requireTopup(deps.reads, merchant, params['id'] ?? '')
    const receipt = receiptOf(topup, {
      shopName: deps.shops.find(merchant)?.name ?? merchant,
      timeZone: settingsOf(deps.shops, merchant).timeZone,
      masksNumber: deps.receiptMasksNumber,
    })
    const width = ancho === '58' ? 58 : 80
    const { headers, ...reply } = replyAs[formato ?? formatFor(header('accept'))](receipt, width)
    return { ...reply, headers: { vary: 'Accept', ...headers } }
  },
})

const formatFor = (accept = ''): Format => {
  if (accept.includes('application/octet-stream')) return 'escpos'
  return accept.includes('text/html') ? 'html' : 'texto'
}

const replyAs: Readonly<Record<Format, (receipt: Receipt, width: PaperWidth) => Reply>> = {
  texto: (receipt, width) => ({
    status: 200,
    body: receiptText(receipt, width),
    headers: { 'content-type': 'text/plain; charset=utf-8' },
  }),
  html: (receipt) => ({
    status: 200,
    body: receiptPage(receipt),
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': receiptPolicy,
    },
  }),
  escpos: (receipt, width) => ({
    status: 200,
    body: receiptBytes(receipt, width),
    headers: { 'content-type': 'application/octet-stream' },
  }),
}
