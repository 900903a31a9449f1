import { valueOf } from '../api/answer.ts'
import { client } from '../api/client.ts'
import type { KeptCommand } from '../presses/command.ts'
import { commandsOf, requestOf } from '../presses/commands.ts'
import type { Command, Outcome } from './command.ts'

const send = async (kept: KeptCommand<Command>): Promise<void> => {
  const { command } = kept
  const options = requestOf(kept)
  switch (command.kind) {
    case 'open':
      await valueOf(client.api.POST('/cajas/abrir', { ...options, body: command.body }))
      return
    case 'move':
      await valueOf(client.api.POST('/cajas/movimiento', { ...options, body: command.body }))
      return
    case 'close': {
      const params = { path: { id: command.sessionId } }
      const { body } = command
      await valueOf(client.api.PATCH('/cajas/sesion/{id}/cerrar', { ...options, params, body }))
      return
    }
    case 'correct': {
      const params = { path: { id: command.sessionId } }
      const { body } = command
      await valueOf(client.api.POST('/cajas/sesion/{id}/corregir', { ...options, params, body }))
      return
    }
    case 'hand-over': {
      const params = { path: { id: command.sessionId } }
      const { body } = command
      await valueOf(client.api.POST('/cajas/sesion/{id}/entregar', { ...options, params, body }))
      return
    }
  }
}

/** The drawer of the person signed in; null before. */
export const drawer = commandsOf('caja', send)

export const pressDrawer = async (command: Command): Promise<Outcome> => {
  const current = drawer.value
  return current === null ? { kind: 'other-tab' } : current.press(command)
}
