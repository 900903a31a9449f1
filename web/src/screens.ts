import { CierreDelDia } from './cierre-del-dia/cierre-del-dia.tsx'
import { words as cierreDelDia } from './cierre-del-dia/words.ts'
import { Hoy } from './hoy/hoy.tsx'
import { words as hoy } from './hoy/words.ts'
import { MiCaja } from './mi-caja/mi-caja.tsx'
import { words as miCaja } from './mi-caja/words.ts'
import type { Screen } from './shell/screen.ts'
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
    path: 'cierre-del-dia',
    title: () => cierreDelDia.value.title,
    roles: ['Administrador'],
    Content: CierreDelDia,
  },
]
