import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { readTarget } from './config.ts'

/** A folder of a stack, with the files that `npm start` writes there. */
const aFolder = (files: Readonly<Record<string, string>> = {}): string => {
  const folder = mkdtempSync(join(tmpdir(), 'reconcile-'))
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
  return folder
}

describe('the ledger that is asked', () => {
  it('is the one that is named', () => {
    expect(
      readTarget({
        LEDGER_URL: 'http://ledger:3001',
        SERVICE_TOKEN: 'named',
        STACK_DIR: aFolder(),
      }),
    ).toEqual({ ledgerUrl: 'http://ledger:3001', serviceToken: 'named' })
  })

  it('is else the one that npm start runs, on whatever ports, with the token it keeps', () => {
    const STACK_DIR = aFolder({
      env: 'JWT_SECRET=another\nSERVICE_TOKEN=kept=1\nTPAGA_API_KEY=x\n',
      addresses: 'GATEWAY_URL=http://127.0.0.1:4000\nLEDGER_URL=http://127.0.0.1:4001\n',
    })
    expect(readTarget({ STACK_DIR })).toEqual({
      ledgerUrl: 'http://127.0.0.1:4001',
      serviceToken: 'kept=1',
    })
    expect(readTarget({ STACK_DIR, LEDGER_URL: 'http://ledger:3001' })).toEqual({
      ledgerUrl: 'http://ledger:3001',
      serviceToken: 'kept=1',
    })
  })

  it('cannot be guessed when neither is known, and the message names the setting', () => {
    expect(() => readTarget({ STACK_DIR: aFolder() })).toThrow('LEDGER_URL and SERVICE_TOKEN')
    const STACK_DIR = aFolder({ env: 'SERVICE_TOKEN=kept\n' })
    expect(() => readTarget({ STACK_DIR })).toThrow(STACK_DIR)
    expect(() => readTarget({ STACK_DIR, LEDGER_URL: 'ftp://x' })).toThrow('no http address')
  })
})
