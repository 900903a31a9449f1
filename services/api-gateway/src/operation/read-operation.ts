import { administratorOnly, type Route } from '../api/route.ts'
import { OperationAnswer, operationBody } from './operation-body.ts'
import type { OperationDeps } from './ports.ts'

/** GET /operacion: the state of the installation, as `npm run ops -- status` reads it. */
export const operationRoute = ({ operation }: OperationDeps): Route => ({
  method: 'get',
  path: '/operacion',
  roles: administratorOnly,
  scope: 'operacion',
  contract: {
    summary: 'State of the installation: services, circuits, queues, quarantine, reconciliation',
    description:
      'Of all shops together, and it names none. A part that could not be read is null and named in `sin_respuesta`; the ' +
      'answer itself is always given. Read at most once a second, whoever asks.',
    replies: [{ status: 200, says: 'the state', body: OperationAnswer }],
    problems: [],
  },
  answer: async () => {
    const { value, readAt } = await operation.status()
    return {
      status: 200,
      body: operationBody(value, { now: readAt, instances: operation.instances }),
    }
  },
})
