import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { request } from 'undici'
import { startEdge } from '../testing/edge.ts'

const folder = mkdtempSync(join(tmpdir(), 'recargas-screen-'))
const script = `export const name = ${JSON.stringify('Vender '.repeat(500))}\n`
const writeScreen = () => {
  mkdirSync(join(folder, 'assets'))
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Recargas</title>')
  writeFileSync(join(folder, 'sw.js'), 'self.skipWaiting()\n')
  writeFileSync(join(folder, 'assets/index-a1b2c3.js'), script)
  writeFileSync(join(folder, '.env'), 'SECRET=1\n')
}

let edge: Awaited<ReturnType<typeof startEdge>>
beforeAll(async () => {
  edge = await startEdge({ screen: folder })
})
afterAll(async () => {
  await edge.close()
  rmSync(folder, { recursive: true })
})

/** As a client that follows nothing and unpacks nothing. */
const open = async (path: string, headers: Record<string, string> = {}) => {
  const { statusCode, headers: answered, body } = await request(`${edge.url}${path}`, { headers })
  return { status: statusCode, headers: answered, text: await body.text() }
}
const asNavigation = { 'sec-fetch-mode': 'navigate', accept: 'text/html' }

test('a gateway without a built screen says so, and serves it as soon as it is built', async () => {
  const { status, text } = await open('/tienda')
  expect(status).toBe(404)
  expect(text).toContain('no está construida')
  writeScreen()
  expect((await open('/tienda')).status).toBe(200)
})

test('/ leads to the screen', async () => {
  const { status, headers } = await open('/')
  expect([status, headers['location']]).toEqual([302, '/tienda'])
})

test('the page is looked for each time, and an asset is kept for a year', async () => {
  const page = await open('/tienda/')
  expect([page.text, page.headers['cache-control']]).toEqual([
    '<!doctype html><title>Recargas</title>',
    'no-cache',
  ])
  const known = { 'if-none-match': String(page.headers['etag']) }
  expect((await open('/tienda', known)).status).toBe(304)
  const asset = await open('/tienda/assets/index-a1b2c3.js')
  expect([asset.text, asset.headers['cache-control']]).toEqual([
    script,
    'public, max-age=31536000, immutable',
  ])
  expect((await open('/tienda/sw.js')).headers['cache-control']).toBe('no-cache')
})

test('an asset is compressed for a client that takes it so', async () => {
  const { headers, text } = await open('/tienda/assets/index-a1b2c3.js', {
    'accept-encoding': 'gzip',
  })
  expect(headers['content-encoding']).toBe('gzip')
  expect(headers['vary']).toContain('Accept-Encoding')
  expect(text.length).toBeLessThan(script.length / 2)
})

test('every file comes with the strict policy, under its own type alone', async () => {
  for (const path of ['/tienda', '/tienda/assets/index-a1b2c3.js', '/tienda/sw.js']) {
    const { headers } = await open(path)
    const policy = String(headers['content-security-policy'])
    expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/)
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toMatch(/unsafe|https?:|\*/)
    expect(headers['x-content-type-options']).toBe('nosniff')
    expect(headers['service-worker-allowed']).toBe('/tienda')
  }
})

test('an address within the screen is its page for a person, and nothing for a script', async () => {
  expect((await open('/tienda/vender', asNavigation)).text).toContain('<title>Recargas</title>')
  expect((await open('/tienda/vender', { accept: 'text/html,*/*' })).status).toBe(200)
  for (const headers of [
    { 'sec-fetch-mode': 'no-cors', accept: '*/*' },
    { 'sec-fetch-mode': 'cors', accept: 'text/html' },
    { accept: '*/*' },
  ]) {
    expect((await open('/tienda/assets/index-old.js', headers)).status).toBe(404)
  }
})

test('nothing but the built files is served from there', async () => {
  for (const path of ['/tienda/.env', '/tienda/%2e%2e/etc/passwd', '/tiendas', '/tienda/assets']) {
    const { status, text } = await open(path)
    expect([path, status, text.includes('ROUTE_NOT_FOUND')]).toEqual([path, 404, true])
  }
  expect((await edge.post('/tienda', {})).status).toBe(405)
})

test('it tells the screen where a person signs in, and lets it ask that issuer and nobody else', async () => {
  const none = await open('/tienda/acceso')
  expect([none.status, JSON.parse(none.text)]).toMatchObject([200, { emisor: null }])
  expect(none.headers['content-security-policy']).toContain("connect-src 'self';")
  const signing = await startEdge({ screen: folder, issuer: 'https://id.example/realms/shop' })
  try {
    const { headers, body } = await request(`${signing.url}/tienda/acceso`)
    expect(await body.json()).toMatchObject({
      emisor: 'https://id.example/realms/shop',
      cliente: 'recargas',
      alcance: 'openid',
      reclamos: { sujeto: ['sub'], rol: ['rol'] },
    })
    expect(headers['cache-control']).toBe('no-cache')
    const policy = headers['content-security-policy']
    expect(policy).toContain("connect-src 'self' https://id.example;")
    expect(String(policy).match(/https?:/g)).toHaveLength(1)
  } finally {
    await signing.close()
  }
})
