import type { BodyOf } from '../api/client.ts'
import type { Outcome as OutcomeOf } from '../presses/command.ts'

type OfSession<Kind, Body> = {
  readonly kind: Kind
  readonly sessionId: number
  readonly body: Body
}

/** A change of a drawer that a person asks for. */
export type Command =
  | { readonly kind: 'open'; readonly body: BodyOf<'/cajas/abrir'> }
  | { readonly kind: 'move'; readonly body: BodyOf<'/cajas/movimiento'> }
  | OfSession<'close', BodyOf<'/cajas/sesion/{id}/cerrar', 'patch'>>
  | OfSession<'correct', BodyOf<'/cajas/sesion/{id}/corregir'>>
  | OfSession<'hand-over', BodyOf<'/cajas/sesion/{id}/entregar'>>

/** The outcome of one change. */
export type Outcome = OutcomeOf<Command>
