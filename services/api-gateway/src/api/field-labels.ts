import { capitalized } from './problem-row.ts'

/** A field's or a parameter's name in a sentence for the cashier, with its article. */
const labels: Readonly<Record<string, string>> = {
  operadora: 'la operadora',
  operadora_destino: 'la operadora',
  numero_cliente: 'el número del cliente',
  monto: 'el monto',
  id_caja_sesion: 'la sesión de caja',
  id_sesion_caja: 'la sesión de caja',
  codigo_paquete: 'el paquete',
  id_caja: 'la caja',
  monto_inicial: 'el monto inicial',
  conteo_inicial: 'el conteo inicial',
  id_usuario: 'el usuario',
  id_usuario_siguiente: 'el siguiente cajero',
  id_user_create: 'el usuario',
  id_user_update: 'el usuario',
  monto_final_real: 'el monto contado',
  monto_real_fisico: 'el monto contado',
  denominaciones: 'el conteo de billetes y monedas',
  motivo_diferencia: 'el motivo de la diferencia',
  aceptar_pendientes: 'el cierre con pendientes',
  nombre: 'el nombre',
  especialidad: 'la especialidad',
  saldo: 'el saldo',
  tipo: 'el tipo de movimiento',
  motivo: 'el motivo',
  resultado: 'el resultado',
  codigo: 'el código',
  evidencia: 'la evidencia',
  nota: 'la nota',
  unidades_proveedor: 'el monto en unidades del proveedor',
  observaciones: 'el texto de las observaciones',
  limit: 'el tamaño de la página',
  per_page: 'el tamaño de la página',
  page: 'la página',
  cursor: 'la página',
  fecha: 'la fecha',
  desde: 'la fecha inicial',
  hasta: 'la fecha final',
  en: 'la fecha',
  estado: 'el estado',
  provider_identifier: 'el proveedor',
  wait: 'la espera',
  numero: 'el número del cliente',
  formato: 'el formato',
  ancho: 'el ancho del papel',
  causa: 'la causa',
  tipo_mensaje: 'el tipo de mensaje',
  cola: 'la cola',
  cantidad: 'la cantidad',
}

/** For a field that only the POS's developer knows. */
const unnamed = 'un dato'

export const labelOf = (field: string | undefined): string =>
  (field === undefined ? undefined : labels[field]) ?? unnamed

export const hasLabel = (field: string): boolean => field in labels

/** `sentenceOf('monto', 'no debe ser negativo')`: El monto no debe ser negativo. */
export const sentenceOf = (field: string | undefined, predicate: string): string =>
  `${capitalized(labelOf(field))} ${predicate}.`
