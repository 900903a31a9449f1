import type { BundleOffer, BundleProvider } from '@recargas/contracts'
import { offerBody, providerBody } from '../../sales/list-bundles.ts'
import { auditedTopupBody, topupBody } from '../../sales/sale-body.ts'
import { bundle, bundleSale, bundleSaleWithHistory, pendingBundleSale } from './day-sales.ts'
import { carrierStates, tigoOperator } from './operators.ts'

export const provider: BundleProvider = {
  provider: '3',
  name: 'Tigo',
  logoUrl: null,
  enabled: true,
}

export const offer: BundleOffer = {
  ...bundle,
  description: '200 min, 20 días',
  carrierAmount: 9_900,
  validity: '20 DÍAS',
  category: 'HABLAR',
  sku: '50015',
}

export const bundleExamples = {
  'GET /paquetes/proveedores 200 application/json': [
    providerBody(provider, tigoOperator, carrierStates),
  ],
  'GET /paquetes 200 application/json': {
    paquetes: [offerBody(offer, tigoOperator, 'BOB')],
    pagina: 1,
    por_pagina: 200,
    total: 1,
    edad_segundos: 12,
    desactualizado: false,
  },
  'POST /paquetes/compra 201 application/json': topupBody(bundleSale),
  'POST /paquetes/compra 202 application/json': topupBody(pendingBundleSale),
  'GET /paquetes/compra/:id 200 application/json': auditedTopupBody(bundleSaleWithHistory),
}
