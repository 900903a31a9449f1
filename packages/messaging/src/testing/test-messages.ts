import { exchanges } from '@recargas/contracts'
import type { Parsed } from '@recargas/runtime'
import type { BrokerSettings } from '../broker.ts'
import type { OutgoingMessage } from '../publisher.ts'

/** Times and a silent log, for tests. */
export const testSettings: Omit<BrokerSettings, 'urls' | 'topology'> = {
  name: 'test',
  heartbeatSeconds: 5,
  reconnectMsMax: 200,
  log: {
    debug: () => undefined,
    info: () => undefined,
    warn: () => undefined,
    error: () => undefined,
  },
}

export type Note = { readonly id: string; readonly type: string }

export const note = (id: string): Note => ({ id, type: 'note' })

export const parseNote = (value: unknown): Parsed<Note> =>
  typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string'
    ? { ok: true, message: note(value.id) }
    : { ok: false, reason: 'a note has an id' }

export const outgoing = (
  queue: string,
  content: Note | readonly unknown[],
  more: Partial<OutgoingMessage> = {},
): OutgoingMessage => ({
  exchange: exchanges.command,
  routingKey: queue,
  messageId: 'id' in content ? content.id : 'many',
  type: 'id' in content ? content.type : 'batch',
  body: Buffer.from(JSON.stringify(content)),
  persistent: true,
  ...more,
})
