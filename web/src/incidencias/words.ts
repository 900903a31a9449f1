import { wordsOf } from '../language/language.ts'

export const words = wordsOf(
  {
    title: 'Incidencias',
    openCases: 'Incidencias abiertas',
    closedCases: (count: number) => `Cerradas: ${count}`,
    none: 'No hay incidencias abiertas.',

    AUTORIZADA_TRAS_LIBERAR: 'La operadora vendió después de que se devolvió el dinero',
    RECHAZADA_TRAS_CONFIRMAR: 'La operadora rechazó después de que se dio por vendida',
    AUTORIZADA_CON_OTROS_DATOS: 'La operadora vendió con otros datos',
    CERRADA_SIN_DECISION: 'Se cerró sin la decisión de una persona',
    DIFERENCIA_CON_PROVEEDOR: 'El saldo con el proveedor no coincide',
    opened: (time: string) => `Desde ${time}`,
    closed: (person: string, time: string, reason: string) =>
      `Cerrada por ${person} (${time}): ${reason}`,
    sale: (id: number) => `Venta n.º ${id}`,
    difference: (units: number, from: string, to: string) =>
      `${units} unidades del proveedor, entre ${from} y ${to}.`,
    likely: 'Puede ser de estas ventas:',

    note: 'Nota',
    noteMissing: 'Escriba una nota de tres letras o más.',
    close: 'Cerrar incidencia',
    whyOffline: 'Sin conexión: ahora no se puede cerrar.',

    recharge: 'Saldo con el proveedor',
    rechargeHelp:
      'Anote aquí cada pago a la cuenta de la empresa con el proveedor: así no se abre una incidencia por él.',
    units: 'Unidades del proveedor',
    rechargeNote: 'Referencia del pago',
    record: 'Registrar recarga',
    recorded: 'Recarga del saldo con el proveedor',
    referenceMissing: 'Escriba la referencia del pago.',
    unitsWrong: 'Escriba las unidades del proveedor: un número entero mayor que cero.',
  },
  {
    title: 'Cases',
    openCases: 'Open cases',
    closedCases: (count: number) => `Closed: ${count}`,
    none: 'No case is open.',

    AUTORIZADA_TRAS_LIBERAR: 'The carrier sold after the cash was given back',
    RECHAZADA_TRAS_CONFIRMAR: 'The carrier rejected after the sale was taken for sold',
    AUTORIZADA_CON_OTROS_DATOS: 'The carrier sold with other data',
    CERRADA_SIN_DECISION: 'Closed without a person’s decision',
    DIFERENCIA_CON_PROVEEDOR: 'The balance at the carrier differs',
    opened: (time: string) => `Since ${time}`,
    closed: (person: string, time: string, reason: string) =>
      `Closed by ${person} (${time}): ${reason}`,
    sale: (id: number) => `Sale no. ${id}`,
    difference: (units: number, from: string, to: string) =>
      `${units} of the carrier’s units, between ${from} and ${to}.`,
    likely: 'It may be of these sales:',

    note: 'Note',
    noteMissing: 'Enter a note of three letters or more.',
    close: 'Close the case',
    whyOffline: 'Offline: nothing can be closed now.',

    recharge: 'Balance at the carrier',
    rechargeHelp:
      'Record each payment into the company’s account at the carrier here: then no case is opened for it.',
    units: 'Units of the carrier',
    rechargeNote: 'Reference of the payment',
    record: 'Record the recharge',
    recorded: 'Recharge of the balance at the carrier',
    referenceMissing: 'Enter the reference of the payment.',
    unitsWrong: 'Enter the carrier’s units: a whole number above zero.',
  },
)
