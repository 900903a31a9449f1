import { wordsOf } from '../language/language.ts'

export const words = wordsOf(
  {
    title: 'Incidencias',
    openCases: 'Incidencias abiertas',
    closedCases: (count: number) => `Cerradas: ${count}`,
    none: 'No hay incidencias abiertas.',

    authorizedAfterRelease: 'La operadora vendió después de que se devolvió el dinero',
    rejectedAfterCommit: 'La operadora rechazó después de que se dio por vendida',
    echoDiffers: 'La operadora vendió con otros datos',
    closedWithoutDecision: 'Se cerró sin la decisión de una persona',
    balanceDiffers: 'El saldo con el proveedor no coincide',
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

    authorizedAfterRelease: 'The carrier sold after the cash was given back',
    rejectedAfterCommit: 'The carrier rejected after the sale was taken for sold',
    echoDiffers: 'The carrier sold with other data',
    closedWithoutDecision: 'Closed without a person’s decision',
    balanceDiffers: 'The balance at the carrier differs',
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
