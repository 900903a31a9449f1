import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { readTarget } from './config.ts'

const aFolder = (content?: string): string => {
  const folder = mkdtempSync(join(tmpdir(), 'reconcile-'))
  if (content !== undefined) writeFileSync(join(folder, 'env'), content)
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

  it('is else the one that npm start runs, with the token it keeps', () => {
    const STACK_DIR = aFolder('JWT_SECRET=another\nSERVICE_TOKEN=kept=1\nTPAGA_API_KEY=x\n')
    expect(readTarget({ STACK_DIR })).toEqual({
      ledgerUrl: 'http://127.0.0.1:3001',
      serviceToken: 'kept=1',
    })
    expect(readTarget({ STACK_DIR, PORT_BASE: '4000' }).ledgerUrl).toBe('http://127.0.0.1:4001')
  })

  it('cannot be guessed where neither is known, and the message says what to set', () => {
    expect(() => readTarget({ STACK_DIR: aFolder() })).toThrow('LEDGER_URL and SERVICE_TOKEN')
    expect(() => readTarget({ STACK_DIR: aFolder(), LEDGER_URL: 'ftp://x' })).toThrow('LEDGER_URL')
  })
})
