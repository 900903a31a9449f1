import { valueOf } from '../api/answer.ts'
import { client } from '../api/client.ts'
import type { KeptCommand } from '../presses/command.ts'
import { commandsOf, requestOf } from '../presses/commands.ts'
import { outcomeText as outcomeTextOf } from '../presses/use-commands.ts'
import type { Command, Outcome } from './command.ts'
import { words } from './words.ts'

const send = (kept: KeptCommand<Command>): Promise<unknown> => {
  const { command } = kept
  const options = requestOf(kept)
  const toSession = (id: number) => ({ ...options, params: { path: { id } } })
  const { api } = client
  switch (command.kind) {
    case 'open':
      return valueOf(api.POST('/cajas/abrir', { ...options, body: command.body }))
    case 'move':
      return valueOf(api.POST('/cajas/movimiento', { ...options, body: command.body }))
    case 'close': {
      const request = { ...toSession(command.sessionId), body: command.body }
      return valueOf(api.PATCH('/cajas/sesion/{id}/cerrar', request))
    }
    case 'correct': {
      const request = { ...toSession(command.sessionId), body: command.body }
      return valueOf(api.POST('/cajas/sesion/{id}/corregir', request))
    }
    case 'hand-over': {
      const request = { ...toSession(command.sessionId), body: command.body }
      return valueOf(api.POST('/cajas/sesion/{id}/entregar', request))
    }
  }
}

/** The drawer of the person signed in; null before. */
export const drawer = commandsOf('caja', send)

export const pressDrawer = async (command: Command): Promise<Outcome> => {
  const current = drawer.value
  return current === null ? { kind: 'other-tab' } : current.press(command)
}

/** The sentence of an outcome for the person at the drawer; a change has the name of its button. */
export const outcomeText = (outcome: Outcome): string =>
  outcomeTextOf(outcome, ({ kind }) => words.value[kind])

/** The sentence of a refusal; undefined where nothing was refused. */
export const refusalOf = (outcome: Outcome): string | undefined =>
  outcome.kind === 'refused' ? outcomeText(outcome) : undefined
