import type { RefusalCode } from '@recargas/contracts'
import type { EdgeCode } from './edge-codes.ts'
import { always, type Row } from './problem-row.ts'

type BundleCode = Extract<EdgeCode | RefusalCode, `BUNDLE_${string}` | 'OPERATOR_WITHOUT_BUNDLES'>

/** Problems of a package that are found before anything is published. */
export const bundleProblems: Readonly<Record<BundleCode, Row>> = {
  OPERATOR_WITHOUT_BUNDLES: {
    status: 400,
    title: 'Operadora sin paquetes',
    message: ({ operator }) => `No se venden paquetes de la operadora ${operator ?? '?'}.`,
    field: always('operadora'),
  },
  BUNDLE_PROVIDER_UNKNOWN: {
    status: 404,
    title: 'Proveedor de paquetes desconocido',
    message: ({ provider }) => `El comercio no vende paquetes del proveedor ${provider ?? '?'}.`,
    field: always('provider_identifier'),
  },
  BUNDLE_UNKNOWN: {
    status: 404,
    title: 'Paquete desconocido',
    message: ({ code, operator }) =>
      `El paquete ${code ?? '?'} no existe para la operadora ${operator ?? '?'}. No se vendió.`,
    field: always('codigo_paquete'),
  },
  BUNDLE_NOT_OFFERED: {
    status: 409,
    title: 'Paquetes no ofrecidos',
    message: ({ operator }) =>
      `El proveedor no ofrece ahora paquetes de la operadora ${operator ?? '?'}. El paquete no se vendió.`,
    field: always('operadora'),
  },
  BUNDLE_PRICE_CHANGED: {
    status: 409,
    title: 'Precio del paquete cambiado',
    message: ({ price }) =>
      `El precio del paquete cambió${price === undefined ? '' : `: ahora es ${price}`}. No se vendió; confirme el precio con el cliente.`,
    field: always('monto'),
  },
  BUNDLE_PRICE_UNCONFIRMED: {
    status: 503,
    title: 'Precio del paquete sin confirmar',
    message: () =>
      'El proveedor no confirma ahora el precio del paquete. El paquete no se vendió; intente más tarde.',
    retryAfterSeconds: 5,
  },
  BUNDLE_SALE_NOT_FOUND: {
    status: 404,
    title: 'Compra de paquete no encontrada',
    message: ({ id }) => `Compra de paquete ${id ?? ''} no encontrada.`,
  },
}
