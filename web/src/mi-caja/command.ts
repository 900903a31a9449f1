import type { Outcome as OutcomeOf } from '../presses/command.ts'
import type { Counted } from './count.ts'

type UserId = number | string
type ClosingCount = {
  readonly monto_final_real: number
  readonly denominaciones: Counted[]
  readonly motivo_diferencia?: string
  readonly aceptar_pendientes?: boolean
}

/** A change of a drawer that a person asks for. */
export type Command =
  | {
      readonly kind: 'open'
      readonly body: {
        readonly id_caja: number
        readonly id_usuario: UserId
        readonly conteo_inicial?: number
      }
    }
  | {
      readonly kind: 'move'
      readonly body: {
        readonly tipo: 'INGRESO' | 'EGRESO'
        readonly monto: number
        readonly motivo: string
        readonly id_sesion_caja: number
      }
    }
  | { readonly kind: 'close'; readonly sessionId: number; readonly body: ClosingCount }
  | {
      readonly kind: 'correct'
      readonly sessionId: number
      readonly body: { readonly monto_final_real: number; readonly motivo: string }
    }
  | {
      readonly kind: 'hand-over'
      readonly sessionId: number
      readonly body: ClosingCount & { readonly id_usuario_siguiente: UserId }
    }

/** The outcome of one change. */
export type Outcome = OutcomeOf<Command>
