import { describe, expect, it } from '@jest/globals'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { commonSettings, flag, port, readConfig } from './config.ts'

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
