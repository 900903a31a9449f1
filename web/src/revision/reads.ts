import type { components } from '@recargas/client'
import { valueOf } from '../api/answer.ts'
import { client } from '../api/client.ts'
import { createResource } from '../api/resource.ts'
import type { KeptCommand } from '../presses/command.ts'
import { commandsOf, requestOf } from '../presses/commands.ts'
import type { Decision, DecisionAnswer } from './decision.ts'

export type ReviewedSale = components['schemas']['RecargaClienteAuditada']

/** Sales that wait for a person, the longest first: the page that the gateway gives at most. */
export const reviews = createResource({
  name: 'reviews',
  everyMs: 10_000,
  ask: (): Promise<readonly ReviewedSale[]> => valueOf(client.api.GET('/recargas/revision')),
})

const send = (kept: KeptCommand<Decision>): Promise<DecisionAnswer> =>
  valueOf(
    client.api.POST('/recargas/cliente/{id}/resolver', {
      ...requestOf(kept),
      params: { path: { id: kept.command.id } },
      body: kept.command.body,
    }),
  )

/** The decisions of the person signed in. */
export const decisions = commandsOf('revision', send)
