import { CatalogueMerchant, CatalogueOperator, type CarrierStates } from '@recargas/contracts'
import { shopBody } from '../../catalogue/read-shop.ts'
import { floatBody, operatorBody } from '../../float/read-balances.ts'
import { injectionBody, injectionRow } from '../../float/injection-body.ts'
import { rechargeBody } from '../../float/record-recharge.ts'
import { floatAtNoon, injection, recharge, sessionAtNoon, tigo } from './day.ts'

/** Terms of every operator of the examples. */
export const sold = {
  carrier: 'tpaga',
  patron_numero: '([0-9]{8}|3[0-9]{9})',
  ayuda_numero: 'Son 8 cifras, empieza con 6 o 7.',
  minimo: 10,
  maximo: 100_000,
  paso: 10,
  unidad_carrier: 1,
}
export const tigoOperator = {
  ...CatalogueOperator.parse({ ...sold, nombre: tigo, slug: 'tigo' }),
  proveedor_paquetes: '3',
}
const entelOperator = CatalogueOperator.parse({ ...sold, nombre: 'Entel', slug: 'entel' })

const good = { available: true, reason: null, breaker: 'closed' } as const
export const carrierStates: CarrierStates = {
  tpaga: { ...good, bundles: good, offered: ['tigo', 'entel'] },
}

export const operatorExamples = {
  'GET /comercio 200 application/json': shopBody('principal', {
    currency: 'BOB',
    row: CatalogueMerchant.parse({
      currency: 'BOB',
      zona_horaria: 'America/La_Paz',
      codigo_pais: '591',
      operators: [entelOperator],
    }),
  }),
  'GET /operadoras 200 application/json': [
    operatorBody(tigoOperator, 'BOB', carrierStates),
    operatorBody(entelOperator, 'BOB', carrierStates),
  ],
  'GET /recargas/operadoras/saldos 200 application/json': [
    floatBody(floatAtNoon, carrierStates, tigoOperator),
  ],
  'POST /recargas/inyeccion 201 application/json': injectionBody(injection),
  'POST /recargas/proveedor 201 application/json': rechargeBody(recharge),
  'GET /recargas/historial/inyecciones 200 application/json': [
    injectionRow(injection, sessionAtNoon),
  ],
}
