import { shopTimeOf } from '@recargas/contracts'
import { csvRecords } from '../../statements/csv.ts'
import { saleColumns, saleCsvRow } from '../../sales/sales-csv.ts'
import { auditedTopupBody, topupBody, topupRow } from '../../sales/sale-body.ts'
import { receiptPage, receiptText } from '../../sales/receipt-formats.ts'
import { receiptOf } from '../../sales/receipt.ts'
import { caseBody } from '../../sales/list-review.ts'
import { resolutionReply } from '../../sales/decide-sale.ts'
import { sessionAtNoon } from './day.ts'
import {
  carrierCase,
  pendingTopup,
  topup,
  topupDecided,
  topupDecidedOnce,
  topupInReview,
} from './day-sales.ts'

const receipt = receiptOf(topup, {
  shopName: topup.merchant,
  timeZone: 'America/La_Paz',
  masksNumber: false,
})

const { at, cells } = saleCsvRow(topup)
const csv = csvRecords([
  [...saleColumns, 'fecha_local'],
  [...Object.values(cells), shopTimeOf(Date.parse(at), 'America/La_Paz')],
])

export const saleExamples = {
  'POST /recargas/cliente 201 application/json': topupBody(topup),
  'POST /recargas/cliente 202 application/json': topupBody(pendingTopup),
  'GET /recargas/cliente/:id 200 application/json': topupBody(topup),
  'GET /recargas/cliente/:id/comprobante 200 text/plain': receiptText(receipt, 80),
  'GET /recargas/cliente/:id/comprobante 200 text/html': receiptPage(receipt),
  'GET /recargas/historial/clientes 200 text/csv': csv,
  'GET /recargas/historial/clientes 200 application/json': [topupRow(topup, sessionAtNoon)],
}

export const reviewExamples = {
  'GET /recargas/revision 200 application/json': [auditedTopupBody(topupDecidedOnce)],
  'POST /recargas/cliente/:id/resolver 200 application/json': auditedTopupBody(topupDecided),
  'POST /recargas/cliente/:id/resolver 202 application/json': resolutionReply(
    topupInReview,
    'awaiting-second-person',
    topupDecidedOnce,
  ).body,
  'POST /recargas/cliente/:id/confirmar 200 application/json': topupBody(topup),
  'POST /recargas/cliente/:id/confirmar 202 application/json': resolutionReply(
    pendingTopup,
    'closing',
    null,
  ).body,
  'GET /incidencias 200 application/json': [caseBody(carrierCase)],
  'POST /incidencias/:id/cerrar 200 application/json': caseBody(carrierCase),
}
