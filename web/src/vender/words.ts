import { wordsOf } from '../language/language.ts'

export const words = wordsOf(
  {
    title: 'Vender',
    operator: 'Operadora',
    number: 'Número',
    amount: 'Monto',
    charge: 'Cobrar',
    usual: 'Montos usuales',
    balance: (amount: string) => `Saldo ${amount}`,
    noBalance: 'Sin saldo registrado',
    low: 'saldo bajo',
    limits: (least: string, most: string, step: string) =>
      `De ${least} a ${most}, de ${step} en ${step}.`,
    hint: (operator: string) => `La última recarga fue de ${operator}.`,
    bundle: 'Paquete',
    sellBundle: 'Vender un paquete',
    chooseBundle: 'Elija un paquete',

    chooseOperator: 'Elija la operadora.',
    numberMissing: 'Escriba el número.',
    numberWrong: (operator: string, help: string) => `No es un número de ${operator}. ${help}`,
    amountMissing: 'Escriba el monto.',
    amountWrong: 'Escriba el monto así: 10 o 10.50.',
    amountBelow: (least: string) => `El monto no debe ser menor que ${least}.`,
    amountAbove: (most: string) => `El monto no debe ser mayor que ${most}.`,
    amountStep: (step: string) => `El monto debe ser múltiplo de ${step}.`,

    whyOffline: 'Sin conexión: ahora no se puede cobrar.',
    whySignIn: 'Inicie sesión de nuevo para cobrar.',
    whyBusy: 'Hay una venta en curso.',
    whyNoSession: 'No tiene una caja abierta.',
    whyStopped: (operator: string, reason: string) => `${operator}: ${reason}`,

    result: 'Resultado',
    sending: 'Cobrando…',
    sold: 'Vendida',
    pending: 'Pendiente',
    refused: 'Rechazada',
    unknown: 'No se sabe todavía',
    saleNumber: (id: number) => `Venta n.º ${id}`,
    pendingAdvice:
      'La operadora todavía no respondió. Guarde el dinero y no venda otra vez: el resultado llega solo.',
    manualAdvice:
      'Véndala en el teléfono de la operadora, una sola vez, y anote en Pendientes el código que muestre.',
    refusedAdvice: 'No se vendió. Devuelva el dinero.',
    unknownAdvice:
      'Puede haberse vendido. Guarde el dinero y no venda otra vez: se sigue preguntando con la misma clave.',
    signInAdvice:
      'Su acceso venció. Inicie sesión: esta venta está guardada y sigue sola; después de dos minutos se le pregunta antes.',
    askingAdvice: 'Se espera su respuesta: ¿es otra recarga igual?',
    notSentAdvice: 'No se envió nada y no se vendió. Devuelva el dinero o cobre otra vez.',
    storageFull:
      'No se vendió: este equipo no tiene espacio para guardar la venta. Libere espacio y cobre otra vez.',
    storageForbidden:
      'No se vendió: el navegador no permite guardar la venta (¿ventana privada?). Permita el almacenamiento y cobre otra vez.',
    otherTab: 'Otra pestaña de este navegador está cobrando. Espere a que termine.',
    notSold: 'No se vendió',

    pendings: 'Pendientes',
    noPendings: 'No hay ventas pendientes.',
    inReview: 'En revisión',
    since: (time: string) => `desde las ${time}`,
    ended: 'Resueltas hace poco',

    duplicate: '¿Otra recarga igual?',
    duplicateText: (sale: string) =>
      `Ya hay una venta igual: ${sale}. Pregunte al cliente si quiere otra.`,
    sellAnother: 'Sí, vender otra',
    no: 'No',
    late: '¿Cobrar ahora esta venta?',
    lateText: (sale: string, time: string) =>
      `No se vendió a las ${time}, porque su acceso había vencido: ${sale}. Cóbrela solo si el cliente sigue aquí.`,
    lateAdvice: 'Todavía no se vendió. Se espera su respuesta.',
    sellNow: 'Sí, cobrar ahora',
    sellNever: 'No cobrar',

    receipt: 'Comprobante',
    print: 'Imprimir',
    share: 'Compartir',

    code: 'Código de la operadora',
    confirmSold: 'Se vendió',
    confirmNotSold: 'No se vendió',
  },
  {
    title: 'Sell',
    operator: 'Operator',
    number: 'Number',
    amount: 'Amount',
    charge: 'Charge',
    usual: 'Usual amounts',
    balance: (amount: string) => `Balance ${amount}`,
    noBalance: 'No balance recorded',
    low: 'low balance',
    limits: (least: string, most: string, step: string) =>
      `From ${least} to ${most}, in steps of ${step}.`,
    hint: (operator: string) => `The last top-up was ${operator}.`,
    bundle: 'Package',
    sellBundle: 'Sell a package',
    chooseBundle: 'Choose a package',

    chooseOperator: 'Choose the operator.',
    numberMissing: 'Enter the number.',
    numberWrong: (operator: string, help: string) => `Not a number of ${operator}. ${help}`,
    amountMissing: 'Enter the amount.',
    amountWrong: 'Write the amount like this: 10 or 10.50.',
    amountBelow: (least: string) => `The amount must not be less than ${least}.`,
    amountAbove: (most: string) => `The amount must not be more than ${most}.`,
    amountStep: (step: string) => `The amount must be a multiple of ${step}.`,

    whyOffline: 'Offline: nothing can be charged now.',
    whySignIn: 'Sign in again to charge.',
    whyBusy: 'A sale is under way.',
    whyNoSession: 'You have no open caja.',
    whyStopped: (operator: string, reason: string) => `${operator}: ${reason}`,

    result: 'Result',
    sending: 'Charging…',
    sold: 'Sold',
    pending: 'Pending',
    refused: 'Rejected',
    unknown: 'Not known yet',
    saleNumber: (id: number) => `Sale no. ${id}`,
    pendingAdvice:
      'The operator has not answered yet. Keep the cash and do not sell again: the result comes by itself.',
    manualAdvice:
      'Sell it on the operator’s phone, once, and enter the code that it shows under Pending sales.',
    refusedAdvice: 'Not sold. Give the cash back.',
    unknownAdvice:
      'It may have been sold. Keep the cash and do not sell again: the same key is asked about until it is known.',
    signInAdvice:
      'Your access has ended. Sign in: this sale is kept and goes on by itself; after two minutes you are asked first.',
    askingAdvice: 'Your answer is awaited: is it another equal top-up?',
    notSentAdvice: 'Nothing was sent and nothing was sold. Give the cash back, or charge again.',
    storageFull: 'Not sold: this device has no room to keep the sale. Make room and charge again.',
    storageForbidden:
      'Not sold: the browser does not let the sale be kept (a private window?). Allow storage and charge again.',
    otherTab: 'Another tab of this browser is charging. Wait until it has ended.',
    notSold: 'Not sold',

    pendings: 'Pending sales',
    noPendings: 'No sale is pending.',
    inReview: 'In review',
    since: (time: string) => `since ${time}`,
    ended: 'Settled lately',

    duplicate: 'Another equal top-up?',
    duplicateText: (sale: string) =>
      `There is an equal sale already: ${sale}. Ask the customer for another one.`,
    sellAnother: 'Yes, sell another',
    no: 'No',
    late: 'Charge this sale now?',
    lateText: (sale: string, time: string) =>
      `It was not sold at ${time}, because your access had ended: ${sale}. Charge it only if the customer is still here.`,
    lateAdvice: 'Not sold yet. Your answer is awaited.',
    sellNow: 'Yes, charge now',
    sellNever: 'Do not charge',

    receipt: 'Receipt',
    print: 'Print',
    share: 'Share',

    code: 'Code of the operator',
    confirmSold: 'It was sold',
    confirmNotSold: 'It was not sold',
  },
)
