import type { Failure } from '../api/answer.ts'
import type { StorageFault } from '../presses/press.ts'
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
      readonly kind: 'hand-over'
      readonly sessionId: number
      readonly body: ClosingCount & { readonly id_usuario_siguiente: UserId }
    }

/** One press, kept until its outcome is known. Its key is never used for another one. */
export type KeptCommand = {
  readonly key: string
  readonly owner: string
  readonly pressedAt: number
  readonly command: Command
}

export type Outcome =
  | { readonly kind: 'done'; readonly command: Command }
  /** Nothing took place. */
  | { readonly kind: 'refused'; readonly command: Command; readonly failure: Failure }
  /** Asked again under the same key. */
  | { readonly kind: 'unknown'; readonly command: Command }
  | { readonly kind: 'not-kept'; readonly fault: StorageFault }
  | { readonly kind: 'other-tab' }

const denied: readonly number[] = [401, 408, 429]

/**
 * Concludes what a failed attempt proves. A refusal that names no operation says nothing of an earlier attempt of its key, so
 * that it ends the first one only.
 */
export const concludeFailure = (
  command: Command,
  failure: Failure,
  { isFirst }: { readonly isFirst: boolean },
): Outcome => {
  const { status, operationId } = failure
  const isRefusal = status !== null && status >= 400 && status < 500 && !denied.includes(status)
  return isRefusal && (isFirst || operationId !== null)
    ? { kind: 'refused', command, failure }
    : { kind: 'unknown', command }
}
