import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { images } from '@recargas/stack/docker-engine'
import { memberOptions } from '@recargas/stack/mongod-members'

const root = new URL('../../../', import.meta.url)
const composeFile = readFileSync(new URL('docker-compose.yml', root), 'utf8')
const clusterFile = readFileSync(new URL('docker-compose.cluster.yml', root), 'utf8')
const script = fileURLToPath(new URL('apps/stack/compose-secrets.mjs', root))
const folder = mkdtempSync(join(tmpdir(), 'recargas-secrets-'))

const makeSecrets = () => {
  execFileSync(process.execPath, [script, folder])
}
const secret = (name: string): string => readFileSync(join(folder, name), 'utf8')

beforeAll(makeSecrets)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('every secret that the compose files name is made, in a folder that is closed to others', () => {
  const named = [
    ...`${composeFile}${clusterFile}`.matchAll(/SECRETS_DIR:-\.compose\/secrets\}\/([\w.]+)/g),
  ]
  expect(named.length).toBeGreaterThan(10)
  for (const [, name = ''] of named) expect(readdirSync(folder)).toContain(name)
  expect(statSync(folder).mode & 0o077).toBe(0)
})

it('a second run changes no password, and the broker’s definitions still agree with the addresses', () => {
  const kept = ['jwt_secret', 'mongo_keyfile', 'mongodb_uri_ledger', 'amqp_url_ledger'] as const
  const before = kept.map(secret)
  makeSecrets()
  expect(kept.map(secret)).toEqual(before)
  type User = { readonly name: string; readonly password_hash: string }
  const { users } = JSON.parse(secret('rabbitmq_definitions.json')) as { readonly users: User[] }
  for (const service of ['gateway', 'ledger', 'adapter']) {
    const { username, password } = new URL(secret(`amqp_url_${service}`))
    const known = users.find(({ name }) => name === username)
    const stored = Buffer.from(known?.password_hash ?? '', 'base64')
    const salted = Buffer.concat([stored.subarray(0, 4), Buffer.from(password)])
    expect(stored.subarray(4)).toEqual(createHash('sha256').update(salted).digest())
  }
})

it('the addresses that name all members of the database give a silent one up as npm start does, the others do not', () => {
  for (const service of ['ledger', 'adapter']) {
    expect(secret(`mongodb_uri_${service}_cluster`)).toMatch(
      new RegExp(`@mongo:27017,.+&${memberOptions}$`),
    )
    expect(secret(`mongodb_uri_${service}`)).not.toContain(memberOptions)
  }
})

it('no port is published but on loopback, and every image is pinned to one version', () => {
  const published = [...composeFile.matchAll(/^ +ports: \['([^']+)'\]/gm)]
  expect(published.length).toBeGreaterThan(4)
  for (const [, port] of published) expect(port).toMatch(/^127\.0\.0\.1:/)
  const pinned = [...composeFile.matchAll(/_IMAGE:-([^}]+)\}/g)].map(([, image = '']) => image)
  expect(pinned.length).toBeGreaterThan(6)
  for (const image of pinned) expect(image).toMatch(/:v?\d+\.\d+\.\d+/)
})

it('ledger and gateway get one ACCEPT_UNTIL_MS: the ledger refuses commands further ahead', () => {
  const sections = composeFile.split(/^ {2}(?=[\w-]+:$)/m)
  for (const service of ['ledger', 'api-gateway']) {
    const section = sections.find((each) => each.startsWith(`${service}:\n`))
    expect(section).toContain('\n      ACCEPT_UNTIL_MS: ${ACCEPT_UNTIL_MS:-10000}\n')
  }
})

it('npm start and npm test take the same images from an engine', () => {
  const { mongo, rabbitmq } = images()
  expect(composeFile).toContain(`{MONGO_IMAGE:-${mongo}}`)
  expect(composeFile).toContain(`{RABBITMQ_IMAGE:-${rabbitmq}}`)
})
