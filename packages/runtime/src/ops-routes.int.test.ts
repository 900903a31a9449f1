import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import express from 'express'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createMetrics, opsRoutes, requireServiceToken } from './ops-routes.ts'
import { closeServer, listen } from './run.ts'

let brokerReady = true
let server: Server
let url = ''
beforeAll(async () => {
  const app = express()
  const check = () => ({ ready: brokerReady, reason: brokerReady ? null : 'blocked by an alarm' })
  app.use(opsRoutes([{ name: 'broker', check }], createMetrics('test')))
  app.use('/internal', requireServiceToken('the-token'), (_request, response) => {
    response.json({ secret: true })
  })
  server = await listen(app, 0, '127.0.0.1')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => closeServer(server, { timeoutMs: 100 }))

describe('the routes for operations', () => {
  it('report ready while every part is, else the failing part and its reason', async () => {
    expect((await fetch(`${url}/ready`)).status).toBe(200)
    brokerReady = false
    const response = await fetch(`${url}/ready`)
    expect(response.status).toBe(503)
    expect(await response.json()).toEqual({
      ready: false,
      parts: [{ name: 'broker', ready: false, reason: 'blocked by an alarm' }],
    })
    expect((await fetch(`${url}/live`)).status).toBe(200)
  })

  it('give Prometheus the metrics with the service’s name', async () => {
    const metrics = await (await fetch(`${url}/metrics`)).text()
    expect(metrics).toContain('service="test"')
  })
})

describe('internal routes', () => {
  const ask = async (authorization?: string) =>
    (
      await fetch(`${url}/internal/x`, {
        headers: authorization === undefined ? {} : { authorization },
      })
    ).status

  it('open to the service token only', async () => {
    expect(await ask('Bearer the-token')).toBe(200)
    for (const wrong of [
      undefined,
      '',
      'Bearer',
      'Bearer the-tokeN',
      'Bearer the-token2',
      'Basic the-token',
    ]) {
      expect(await ask(wrong)).toBe(401)
    }
  })
})

describe('a port that is taken', () => {
  it('fails the start', async () => {
    const { port } = server.address() as AddressInfo
    await expect(listen(express(), port, '127.0.0.1')).rejects.toThrow('EADDRINUSE')
  })
})
