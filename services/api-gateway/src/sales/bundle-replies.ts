import { z } from 'zod'
import { DecimalNumber, offered } from '../api/wire.ts'

export const ProviderAnswer = z
  .strictObject({
    proveedor: z.string(),
    nombre: z.string(),
    operadora: z.string(),
    logo: z.string().nullable(),
    habilitado: z.boolean(),
    ...offered,
  })
  .meta({ id: 'ProveedorDePaquetes' })

const OfferAnswer = z
  .strictObject({
    operadora: z.string(),
    proveedor: z.string(),
    codigo: z.string().meta({ description: 'text: "024" is not 24' }),
    nombre: z.string(),
    descripcion: z.string(),
    precio: DecimalNumber,
    vigencia: z.string(),
    categoria: z.string(),
    sku: z.string().nullable(),
  })
  .meta({ id: 'Paquete' })

export const OfferPageAnswer = z
  .strictObject({
    paquetes: z.array(OfferAnswer),
    pagina: z.int().positive(),
    por_pagina: z.int().positive(),
    total: z.int().nonnegative(),
    edad_segundos: z.int().nonnegative().meta({ description: 'age of the carrier’s list' }),
    desactualizado: z.boolean().meta({ description: 'true when the carrier gives no newer list' }),
  })
  .meta({ id: 'PaginaDePaquetes' })
