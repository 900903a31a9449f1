import { z } from 'zod'
import { Problem } from '../api/problem.ts'
import { everyRole, type LiveText, type Route } from '../api/route.ts'
import type { Authenticate } from '../auth/authenticate.ts'
import { notificationEvents } from './shop-notification.ts'
import type { NotificationStreams } from './notification-streams.ts'

export type NotificationDeps = {
  readonly notifications: Pick<NotificationStreams, 'isFull' | 'open'>
  readonly authenticate: Authenticate
}

/** GET /eventos: changes of the shop as they happen, until the token or the gateway ends. */
export const notificationRoute = (deps: NotificationDeps): Route => ({
  method: 'get',
  path: '/eventos',
  roles: everyRole,
  contract: {
    summary: 'Changes of the shop as they happen',
    description:
      `Server-sent events: ${notificationEvents.map((event) => `\`${event}\``).join(', ')} bring ids, ` +
      '`releer` asks to read everything shown again, `fin` says that the stream ends. Best effort: who misses one asks.',
    headers: ['Last-Event-ID'],
    replies: [
      {
        status: 200,
        says: 'a stream that stays open',
        type: 'text/event-stream',
        body: z.string(),
      },
    ],
    problems: ['TOO_MANY_STREAMS'],
  },
  answer: ({ principal, header }) => {
    if (deps.notifications.isFull(principal)) throw new Problem('TOO_MANY_STREAMS')
    const authorization = header('authorization')
    const lastId = header('last-event-id')
    const isTokenGood = () => isStillGood(deps.authenticate, authorization)
    const body: LiveText = {
      attach: (sink) => deps.notifications.open({ principal, sink, lastId, isTokenGood }),
    }
    return Promise.resolve({
      status: 200,
      headers: { 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' },
      body,
    })
  },
})

/** False for a token that is refused. A gateway without its keys cannot tell, and ends no stream. */
const isStillGood = (authenticate: Authenticate, authorization: string | undefined): boolean => {
  try {
    authenticate(authorization, { isUnkeyedCommand: false })
    return true
  } catch (error) {
    return !(error instanceof Problem && error.code === 'TOKEN_INVALID')
  }
}
