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

const atTill: Screen['roles'] = ['Operador', 'Administrador']
const ofOwner: Screen['roles'] = ['Administrador']

/** The screens in the order of the navigation; a role starts at the first that it may see. */
export const screens: readonly Screen[] = [
  { path: 'vender', title: () => vender.value.title, roles: atTill, Content: Vender },
  { path: 'mi-caja', title: () => miCaja.value.title, roles: atTill, Content: MiCaja },
  { path: 'hoy', title: () => hoy.value.title, roles: ofOwner, Content: Hoy },
  { path: 'ventas', title: () => ventas.value.title, roles: ofOwner, Content: Ventas },
  { path: 'saldos', title: () => saldos.value.title, roles: ofOwner, Content: Saldos },
  { path: 'revision', title: () => revision.value.title, roles: ofOwner, Content: Revision },
  {
    path: 'incidencias',
    title: () => incidencias.value.title,
    roles: ofOwner,
    Content: Incidencias,
  },
  {
    path: 'cierre-del-dia',
    title: () => cierreDelDia.value.title,
    roles: ofOwner,
    Content: CierreDelDia,
  },
  {
    path: 'operacion',
    title: () => operacion.value.title,
    roles: ofOwner,
    scope: 'operacion',
    Content: Operacion,
  },
]
