import { auditedTopupBody, topupBody, topupRow } from '../../sales/sale-body.ts'
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

export const saleExamples = {
  'POST /recargas/cliente 201 application/json': topupBody(topup),
  'POST /recargas/cliente 202 application/json': topupBody(pendingTopup),
  'GET /recargas/cliente/:id 200 application/json': topupBody(topup),
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
