import { wordsOf } from '../language/language.ts'

export const words = wordsOf(
  {
    unknown: (command: string) =>
      `No se sabe todavía si se hizo: ${command}. Se pregunta otra vez con la misma clave; no lo repita.`,
    done: (command: string) => `Hecho: ${command}.`,
    otherTab: 'Otra pestaña de este navegador está haciendo un cambio. Espere a que termine.',
    storageFull: 'No se hizo: este equipo no tiene espacio para guardar la orden. Libere espacio.',
    storageForbidden:
      'No se hizo: el navegador no permite guardar la orden (¿ventana privada?). Permita el almacenamiento.',
    whyOffline: 'Sin conexión: ahora no se puede cambiar nada.',
    whySignIn: 'Inicie sesión de nuevo para seguir.',
    whyBusy: 'Hay una orden en curso.',
  },
  {
    unknown: (command: string) =>
      `Not known yet, done or not: ${command}. The same key is asked about again; do not repeat it.`,
    done: (command: string) => `Done: ${command}.`,
    otherTab: 'Another tab of this browser is making a change. Wait until it has ended.',
    storageFull: 'Not done: this device has no room to keep the order. Make room.',
    storageForbidden:
      'Not done: the browser does not let the order be kept (a private window?). Allow storage.',
    whyOffline: 'Offline: nothing can be changed now.',
    whySignIn: 'Sign in again to go on.',
    whyBusy: 'An order is under way.',
  },
)
