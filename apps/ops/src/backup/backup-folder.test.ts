import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from '@jest/globals'
import { figuresOfBackups } from './backup-figures.ts'
import { readBackupFolder } from './backup-folder.ts'
import { refuseRunning, roomProblem, scratchNames } from './drill-databases.ts'
import { dueInMs, serveFigures } from './keep-making.ts'
import { databaseNames, manifestFile, manifestVersion } from './manifest.ts'
import { untilStopped } from './until-stopped.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'recargas-backups-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const at = '2026-11-21T10:00:00.000Z'
const parts = Object.fromEntries(databaseNames.map((name) => [name, { at, collections: [] }]))
const manifest = { version: manifestVersion, commit: 'c', recoveryPoint: at, ...parts }
const inFolder = (name: string) => join(folder, name)
const keepBackup = (name: string, stored: unknown = manifest) => {
  mkdirSync(inFolder(name))
  writeFileSync(join(inFolder(name), manifestFile), JSON.stringify(stored))
}

it('tells its own backups from what only has their name', () => {
  keepBackup('recargas-20261121T100000Z')
  writeFileSync(inFolder('recargas-20261122T100000Z.tar.age'), 'age-encryption.org/v1\n-> X25519')
  mkdirSync(inFolder('recargas-20261123T100000Z'))
  keepBackup('recargas-20261124T100000Z', { books: 'of somebody else' })
  symlinkSync(inFolder('recargas-20261121T100000Z'), inFolder('recargas-20261125T100000Z'))
  writeFileSync(inFolder('recargas-20261126T100000Z.tar.age'), 'a photo')
  mkdirSync(inFolder('recargas-20261127T100000Z.part'))
  keepBackup('monday')

  const found = readBackupFolder(folder)
  expect(found.backups.map(({ name }) => name).sort()).toEqual([
    'recargas-20261121T100000Z',
    'recargas-20261122T100000Z.tar.age',
  ])
  expect([...found.foreign].sort()).toEqual([
    'recargas-20261123T100000Z',
    'recargas-20261124T100000Z',
    'recargas-20261125T100000Z',
    'recargas-20261126T100000Z.tar.age',
  ])
  expect(found.unfinished.map(({ name }) => name)).toEqual(['recargas-20261127T100000Z'])
})

it('the figures tell the newest backup and the last drill, and 0 where there is none', async () => {
  expect(figuresOfBackups(folder)).toContain('\nbackup_newest_timestamp_seconds 0\n')
  keepBackup('recargas-20261121T100000Z')
  keepBackup('recargas-20261120T100000Z')
  const proof = JSON.stringify({ at: '2026-11-21T12:00:00.000Z', passed: true })
  writeFileSync(inFolder('recargas-20261120T100000Z.proven.json'), proof)
  const { port, stop } = await serveFigures(folder, 0)
  try {
    const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
    const second = (time: string) => Date.parse(time) / 1_000
    expect(text).toContain(`\nbackup_newest_timestamp_seconds ${second('2026-11-21T10:00:00Z')}\n`)
    expect(text).toContain(`\nbackup_drill_timestamp_seconds ${second('2026-11-21T12:00:00Z')}\n`)
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(404)
  } finally {
    stop()
  }
})

it.each([
  ['never', null, 0],
  ['an hour ago', '2026-11-21T09:00:00Z', 23 * 3_600_000],
  ['two days ago', '2026-11-19T10:00:00Z', 0],
])('with the newest backup made %s, the next daily one is due in time', (_, newest, expected) => {
  expect(dueInMs(newest === null ? null : new Date(newest), 86_400_000, new Date(at))).toBe(
    expected,
  )
})

it('a signal stops the work in order, and has no handler afterwards', async () => {
  const before = process.listenerCount('SIGHUP')
  const ended = untilStopped(async (signal) => {
    process.emit('SIGHUP')
    await Promise.resolve()
    return signal.aborted
  })
  expect(await ended).toBe(true)
  expect(process.listenerCount('SIGHUP')).toBe(before)
})

it('a drill is refused in the databases of the running system, and without room', () => {
  const running = { adapter: 'attempts', ledger: 'shop_ledger', blocks: 'shop_ledger_blocks' }
  expect(() => refuseRunning(scratchNames('shop'), running)).toThrow(
    'shop_ledger is a database of the running system',
  )
  expect(() => refuseRunning(scratchNames('drill_1'), running)).not.toThrow()
  expect(roomProblem(1_000, 4_000, 'the server')).toBeNull()
  expect(roomProblem(1_000, 3_999, 'the server')).toContain('the server has 0.00 GiB free')
})
