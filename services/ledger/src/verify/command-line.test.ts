import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { readArguments } from './arguments.ts'
import { chosenUri } from './chosen-uri.ts'
import { createProgress } from './progress.ts'

describe('the arguments of verify', () => {
  it('prove the database that is running when nothing is said', () => {
    expect(readArguments([])).toEqual({
      kind: 'prove',
      from: { kind: 'database', uri: undefined },
      json: false,
      checkpointFile: undefined,
    })
  })
  it('name a database, a checkpoint and the form of the answer', () => {
    expect(readArguments(['--uri', 'mongodb://a/b', '--json', '--checkpoint', 'c'])).toEqual({
      kind: 'prove',
      from: { kind: 'database', uri: 'mongodb://a/b' },
      json: true,
      checkpointFile: 'c',
    })
  })
  it('prove a dump, or make one', () => {
    expect(readArguments(['--dump', 'd'])).toMatchObject({ from: { kind: 'dump', folder: 'd' } })
    expect(readArguments(['--write-dump', 'd'])).toEqual({
      kind: 'write-dump',
      uri: undefined,
      folder: 'd',
    })
  })
  it.each([[['--dump', 'd', '--uri', 'u']], [['--nothing']], [['--uri']]])(
    'that make no sense are refused: %j',
    (args) => {
      expect(readArguments(args)).toMatchObject({ kind: 'wrong' })
    },
  )
})

describe('the database that is proven', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'verify-uri-'))
  })
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true })
  })

  it('is the one named, else the environment’s, else the one that a stack wrote down', () => {
    const env = { MONGODB_URI: 'mongodb://env/x', STACK_DIR: folder }
    expect(chosenUri('mongodb://named/x', env)).toBe('mongodb://named/x')
    expect(chosenUri(undefined, env)).toBe('mongodb://env/x')
    const file = join(folder, 'mounted')
    writeFileSync(file, 'mongodb://mounted/x\n')
    expect(chosenUri(undefined, { MONGODB_URI_FILE: file })).toBe('mongodb://mounted/x')
    expect(() => chosenUri(undefined, { ...env, MONGODB_URI_FILE: file })).toThrow('given twice')
    expect(() => chosenUri(undefined, { STACK_DIR: folder })).toThrow('which database?')
    writeFileSync(join(folder, 'addresses'), 'AUDIT_MONGODB_URI=mongodb://stack/x\n')
    expect(chosenUri(undefined, { STACK_DIR: folder })).toBe('mongodb://stack/x')
  })
})

describe('the progress', () => {
  const shown = (isTTY: boolean) => {
    const written: string[] = []
    let at = 0
    const output = { isTTY, columns: 80, write: (text: string) => written.push(text) > 0 }
    const progress = createProgress(output, () => at)
    for (const done of [1, 25, 50, 100]) {
      progress.show(done, 100, done * 2)
      at += 5_000
    }
    progress.end()
    return written
  }
  it('is a bar where somebody watches', () => {
    const [first, , third, last, end] = shown(true)
    expect(first).toMatch(/^\r░{30} 1 % {2}1 of 100 entries/)
    expect(third).toMatch(/^\r█{15}░{15} 50 %/)
    expect(last).toMatch(/^\r█{30} 100 % {2}100 of 100 entries, 13 lines\/s/)
    expect(end).toBe('\n')
  })
  it('is a plain line every ten seconds elsewhere', () => {
    expect(shown(false)).toEqual(['50 %  50 of 100 entries, 10 lines/s\n'])
  })
})
