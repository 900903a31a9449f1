import { describe, expect, it } from '@jest/globals'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { commonSettings, flag, mongodbUri, port, readConfig } from './config.ts'

const Settings = z.object({ ...commonSettings, PORT: port(3_000), WITH_TEA: flag(false) })
const whole = { AMQP_URL: 'amqp://u:p@localhost/x', SERVICE_TOKEN: 'a-token-long-enough' }

const aFile = (content: string) => {
  const path = join(mkdtempSync(join(tmpdir(), 'settings-')), 'value')
  writeFileSync(path, content)
  return path
}

describe('a service’s settings', () => {
  it('are read with their defaults', () => {
    expect(readConfig(Settings, whole)).toMatchObject({
      kind: 'ok',
      config: { PORT: 3_000, WITH_TEA: false, HOST: '127.0.0.1', AMQP_HEARTBEAT_SECONDS: 10 },
    })
  })

  it('name every member of a cluster of brokers', () => {
    const AMQP_URL = 'amqp://u:p@one/x, amqp://u:p@two:5673/x'
    expect(readConfig(Settings, { ...whole, AMQP_URL })).toMatchObject({
      config: { AMQP_URL: ['amqp://u:p@one/x', 'amqp://u:p@two:5673/x'] },
    })
    const wrong = readConfig(Settings, { ...whole, AMQP_URL: 'amqp://u:p@one/x,two' })
    expect(wrong).toMatchObject({ problems: [expect.stringContaining('AMQP_URL: not amqp(s)')] })
  })

  it('name everything that is wrong at once, and never repeat a value', () => {
    const result = readConfig(Settings, {
      AMQP_URL: 'http://secret@host',
      SERVICE_TOKEN: 'short-secret',
      PORT: '70000',
      WITH_TEA: 'yes',
      LOG_LEVEL: 'loud',
    })
    if (result.kind === 'ok') throw new Error('accepted')
    expect(result.problems.map((problem) => problem.split(':')[0])).toEqual([
      'LOG_LEVEL',
      'AMQP_URL',
      'SERVICE_TOKEN',
      'PORT',
      'WITH_TEA',
    ])
    expect(result.problems.join()).not.toContain('secret')
  })

  it('may come from files, without the line break at their end', () => {
    for (const content of [
      'from-a-mounted-file',
      'from-a-mounted-file\n',
      'from-a-mounted-file\r\n',
    ]) {
      const given = { AMQP_URL: whole.AMQP_URL, SERVICE_TOKEN_FILE: aFile(content) }
      expect(readConfig(Settings, given)).toMatchObject({
        kind: 'ok',
        config: { SERVICE_TOKEN: 'from-a-mounted-file' },
      })
    }
  })

  it('keep the spaces that belong to a secret', () => {
    const given = { AMQP_URL: whole.AMQP_URL, SERVICE_TOKEN_FILE: aFile('  words of a secret \n') }
    expect(readConfig(Settings, given)).toMatchObject({
      config: { SERVICE_TOKEN: '  words of a secret ' },
    })
  })

  it('are refused when a file is missing or empty, or a value is given twice; each is told once', () => {
    const result = readConfig(Settings, {
      AMQP_URL_FILE: '/nowhere/amqp',
      SERVICE_TOKEN: whole.SERVICE_TOKEN,
      SERVICE_TOKEN_FILE: aFile('another-long-token'),
      HOST_FILE: aFile('\n'),
    })
    if (result.kind === 'ok') throw new Error('accepted')
    expect(result.problems).toEqual([
      'HOST_FILE: the file is empty',
      'AMQP_URL_FILE: cannot read the file (ENOENT)',
      'SERVICE_TOKEN: given twice, as SERVICE_TOKEN and as SERVICE_TOKEN_FILE',
    ])
    expect(result.problems.join()).not.toContain('token-long')
  })

  it('count as not set when they are empty', () => {
    const given = { ...whole, HOST: '', LOG_LEVEL_FILE: '' }
    expect(readConfig(Settings, given)).toMatchObject({ config: { HOST: '127.0.0.1' } })
  })
})

describe('in production', () => {
  const production = { ...whole, NODE_ENV: 'production' }
  const problemOf = (SERVICE_TOKEN: string) => {
    const result = readConfig(Settings, { ...production, SERVICE_TOKEN })
    return result.kind === 'ok' ? null : result.problems.join()
  }

  it('a value that this repository publishes is no secret, under any name', () => {
    for (const published of [
      'development-service-token',
      'recargas-test-service-token',
      'sandbox-0123456789abcdef',
    ]) {
      expect(problemOf(published)).toBe(
        'SERVICE_TOKEN: is a development value, which is refused in production',
      )
    }
    expect(problemOf('a-token-of-their-own')).toBeNull()
  })

  it.each([
    ['amqp://guest:guest@broker/x', "uses the broker's built-in user"],
    ['amqps://broker/x', "uses the broker's built-in user"],
    ['amqp://g%75est:other@broker/x', "uses the broker's built-in user"],
    ['amqps://ledger:secret@broker/x', null],
    ['amqps://ledger:secret@one/x,amqps://ledger:secret@two/x', null],
    ['amqps://ledger:secret@one/x, amqps://two/x', "uses the broker's built-in user"],
  ])('the address %s is judged: %s', (AMQP_URL, reason) => {
    const result = readConfig(Settings, { ...production, AMQP_URL })
    expect(result.kind === 'ok' ? null : result.problems.join()).toEqual(
      reason === null ? null : expect.stringContaining(reason),
    )
  })

  it.each([
    ['mongodb://host:27017/ledger?replicaSet=rs0', 'names no user'],
    ['mongodb+srv://host/ledger', 'names no user'],
    ['mongodb://ledger:secret@one:27017,two:27017/ledger?replicaSet=rs0', null],
    ['mongodb://one/ledger?tls=true&authMechanism=MONGODB-X509', null],
  ])('the address %s is judged: %s', (MONGODB_URI, reason) => {
    const given = { NODE_ENV: 'production', MONGODB_URI }
    const schema = z.object({ NODE_ENV: commonSettings.NODE_ENV, MONGODB_URI: mongodbUri })
    const result = readConfig(schema, given)
    expect(result.kind === 'ok' ? null : result.problems.join()).toEqual(
      reason === null ? null : expect.stringContaining(reason),
    )
    expect(readConfig(schema, { MONGODB_URI }).kind).toBe('ok')
  })
})
