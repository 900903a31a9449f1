import { wordsOf } from '../language/language.ts'

export const words = wordsOf(
  {
    product: 'Recargas',
    skip: 'Ir al contenido',
    screens: 'Pantallas',
    language: 'Idioma',
    leave: 'Salir',
    live: 'En vivo',
    offline: 'Sin conexión',
    clock: (minutes: number) =>
      `El reloj de este equipo está ${minutes > 0 ? 'adelantado' : 'atrasado'} unos ${Math.abs(minutes)} minutos. Las ventas llevan la hora del sistema; corrija el reloj.`,
    nothing: 'Su rol no tiene pantallas en este sistema.',
  },
  {
    product: 'Recargas',
    skip: 'Skip to content',
    screens: 'Screens',
    language: 'Language',
    leave: 'Sign out',
    live: 'Live',
    offline: 'Offline',
    clock: (minutes: number) =>
      `The clock of this device is about ${Math.abs(minutes)} minutes ${minutes > 0 ? 'fast' : 'slow'}. Sales carry the system’s time; set the clock right.`,
    nothing: 'Your role has no screens in this system.',
  },
)
