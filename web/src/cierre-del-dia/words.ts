import { wordsOf } from '../language/language.ts'

export const words = wordsOf(
  {
    title: 'Cierre del día',
    date: 'Fecha',
    close: 'Cerrar el día',
    explanation:
      'Guarda las cifras del día con un número. Antes deben cerrarse todas sus sesiones.',
    dateMissing: 'Escriba la fecha.',
    closings: 'Cierres',
    none: 'Todavía no hay cierres.',
    closing: (number: number, date: string) => `Cierre n.º ${number} · ${date}`,
    by: (person: string, time: string) => `por ${person}, ${time}`,
    replaces: (number: number) => `reemplaza al n.º ${number}`,
    position: (block: number) => `libro hasta el bloque ${block}`,
    sold: 'Vendidas',
    pending: 'Pendientes',
    inReview: 'En revisión',
    sessions: (count: number) => `Sesiones: ${count}`,
    print: 'Imprimir',
    whyOffline: 'Sin conexión: ahora no se puede cerrar el día.',
  },
  {
    title: 'Closing of the day',
    date: 'Date',
    close: 'Close the day',
    explanation:
      'Keeps the figures of the day under a number. All its sessions must be closed first.',
    dateMissing: 'Enter the date.',
    closings: 'Closings',
    none: 'There are no closings yet.',
    closing: (number: number, date: string) => `Closing no. ${number} · ${date}`,
    by: (person: string, time: string) => `by ${person}, ${time}`,
    replaces: (number: number) => `replaces no. ${number}`,
    position: (block: number) => `ledger up to block ${block}`,
    sold: 'Sold',
    pending: 'Pending',
    inReview: 'In review',
    sessions: (count: number) => `Sessions: ${count}`,
    print: 'Print',
    whyOffline: 'Offline: the day cannot be closed now.',
  },
)
