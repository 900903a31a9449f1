import { randomUUID } from 'node:crypto'
import express from 'express'
import jwt from 'jsonwebtoken'
import { z } from 'zod'
import { connectPlainly, queues, saleOf, type Sale, type Setting } from './queues.ts'

const Body = z.object({
  operadora: z.enum(['Tigo', 'Entel', 'Viva']),
  numero_cliente: z.string().regex(/^\d{7,15}$/),
  monto: z.number().min(0.1).max(100_000),
  id_caja_sesion: z.number().int(),
})

/** A minimal gateway: token, body, queue, wait for the sale's event. */
export const run = async (setting: Setting): Promise<void> => {
  const { channel, send } = await connectPlainly(setting('AMQP_URL'))
  const jwtSecret = setting('JWT_SECRET')
  const waiting = new Map<string, (sale: Sale) => void>()
  const events = await channel(null)
  await events.consume(
    queues.event,
    (message) => {
      if (message === null) return
      const sale = saleOf(message.content)
      waiting.get(sale.id)?.(sale)
      waiting.delete(sale.id)
    },
    { noAck: true },
  )
  const app = express()
  app.disable('etag')
  app.use(express.json())
  app.post('/recargas/cliente', async (request, response) => {
    try {
      jwt.verify(request.headers.authorization?.slice(7) ?? '', jwtSecret, {
        algorithms: ['HS256'],
      })
    } catch {
      response.status(401).end()
      return
    }
    const parsed = Body.safeParse(request.body)
    if (!parsed.success) {
      response.status(400).json(parsed.error.issues)
      return
    }
    const id = randomUUID()
    const done = new Promise<Sale>((resolve) => waiting.set(id, resolve))
    await send(queues.command, { id, ...parsed.data })
    const outcome = await done
    response.status(201).json({ ...parsed.data, id, estado: outcome.status })
  })
  app.listen(Number(setting('PORT')), '127.0.0.1')
}
