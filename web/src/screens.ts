import { CierreDelDia } from './cierre-del-dia/cierre-del-dia.tsx'
import { words as cierreDelDia } from './cierre-del-dia/words.ts'
import { Hoy } from './hoy/hoy.tsx'
import { words as hoy } from './hoy/words.ts'
import { Incidencias } from './incidencias/incidencias.tsx'
import { words as incidencias } from './incidencias/words.ts'
import { MiCaja } from './mi-caja/mi-caja.tsx'
import { words as miCaja } from './mi-caja/words.ts'
import { Operacion } from './operacion/operacion.tsx'
import { words as operacion } from './operacion/words.ts'
import { Revision } from './revision/revision.tsx'
import { words as revision } from './revision/words.ts'
import { Saldos } from './saldos/saldos.tsx'
import { words as saldos } from './saldos/words.ts'
import type { Screen } from './shell/screen.ts'
import { Ventas } from './ventas/ventas.tsx'
import { words as ventas } from './ventas/words.ts'
import { words as vender } from './vender/words.ts'
import { Vender } from './vender/vender.tsx'

/** The screens in the order of the navigation; a role starts at the first that it may see. */
export const screens: readonly Screen[] = [
  {
    path: 'vender',
    title: () => vender.value.title,
    roles: ['Operador', 'Administrador'],
    Content: Vender,
  },
  {
    path: 'mi-caja',
    title: () => miCaja.value.title,
    roles: ['Operador', 'Administrador'],
    Content: MiCaja,
  },
  {
    path: 'hoy',
    title: () => hoy.value.title,
    roles: ['Administrador'],
    Content: Hoy,
  },
  {
    path: 'ventas',
    title: () => ventas.value.title,
    roles: ['Administrador'],
    Content: Ventas,
  },
  {
    path: 'saldos',
    title: () => saldos.value.title,
    roles: ['Administrador'],
    Content: Saldos,
  },
  {
    path: 'revision',
    title: () => revision.value.title,
    roles: ['Administrador'],
    Content: Revision,
  },
  {
    path: 'incidencias',
    title: () => incidencias.value.title,
    roles: ['Administrador'],
    Content: Incidencias,
  },
  {
    path: 'cierre-del-dia',
    title: () => cierreDelDia.value.title,
    roles: ['Administrador'],
    Content: CierreDelDia,
  },
  {
    path: 'operacion',
    title: () => operacion.value.title,
    roles: ['Administrador'],
    scope: 'operacion',
    Content: Operacion,
  },
]
