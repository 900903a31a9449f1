import { wordsOf } from '../language/language.ts'
import type { Result } from './decision.ts'

export const words = wordsOf(
  {
    title: 'Revisión',
    waiting: (count: number) => `Ventas que esperan a una persona: ${count}`,
    none: 'No hay ventas en revisión.',
    sale: (id: number) => `Venta n.º ${id}`,
    since: (time: string) => `desde ${time}`,
    session: (id: number) => `sesión n.º ${id}`,
    person: (id: string) => `usuario ${id}`,

    timeline: 'Historia',
    requested: 'Solicitada',
    reserved: 'Saldo reservado',
    attempt: (number: number) => `Envío n.º ${number} a la operadora`,
    lookup: (number: number) => `Consulta n.º ${number} a la operadora`,
    inReview: 'En revisión',
    decided: 'Decidida',
    authorized: 'Autorizada',
    rejected: 'Rechazada',
    corrected: 'Corregida',
    caseOpened: 'Incidencia abierta',

    result: 'Resultado de la venta',
    evidence: 'Evidencia',
    note: 'Nota',
    decide: 'Decidir',
    resultMissing: 'Elija Autorizada o Rechazada.',
    evidenceMissing: 'Escriba la evidencia: un ticket, un comprobante, un código.',
    noteMissing: 'Escriba la nota.',

    outcome: 'Última decisión',
    decision: (id: number, result: string) => `Venta n.º ${id}, ${result}`,
    settled: (result: string) => `la venta quedó ${result}.`,
    isClosing: 'La decisión quedó registrada; la venta se está cerrando.',
    isRecorded: 'La decisión quedó registrada.',
    needsOther: 'La decisión quedó registrada; falta que otro administrador decida lo mismo.',
    needsYou: 'Cuenta cuando otra persona, como usted, decide lo mismo.',
    proposed: (result: string, user: string, time: string) =>
      `${result}, dijo el usuario ${user} (${time}).`,
  },
  {
    title: 'Review',
    waiting: (count: number) => `Sales that wait for a person: ${count}`,
    none: 'No sale is in review.',
    sale: (id: number) => `Sale no. ${id}`,
    since: (time: string) => `since ${time}`,
    session: (id: number) => `session no. ${id}`,
    person: (id: string) => `user ${id}`,

    timeline: 'History',
    requested: 'Requested',
    reserved: 'Float held',
    attempt: (number: number) => `Sent to the carrier, no. ${number}`,
    lookup: (number: number) => `Asked the carrier, no. ${number}`,
    inReview: 'In review',
    decided: 'Decided',
    authorized: 'Authorized',
    rejected: 'Rejected',
    corrected: 'Corrected',
    caseOpened: 'Case opened',

    result: 'Result of the sale',
    evidence: 'Evidence',
    note: 'Note',
    decide: 'Decide',
    resultMissing: 'Choose Authorized or Rejected.',
    evidenceMissing: 'Enter the evidence: a ticket, a receipt, a code.',
    noteMissing: 'Enter the note.',

    outcome: 'Last decision',
    decision: (id: number, result: string) => `Sale no. ${id}, ${result}`,
    settled: (result: string) => `the sale is ${result}.`,
    isClosing: 'The decision is kept; the sale is being closed.',
    isRecorded: 'The decision is kept.',
    needsOther: 'The decision is kept; another administrator must decide the same.',
    needsYou: 'It counts once another person, such as you, decides the same.',
    proposed: (result: string, user: string, time: string) =>
      `${result}, said user ${user} (${time}).`,
  },
)

/** The name of a sale's end, as the buttons and the sentences have it. */
export const resultName = (result: Result): string =>
  result === 'AUTORIZADA' ? words.value.authorized : words.value.rejected
