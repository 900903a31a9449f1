import { expect, it, test } from '@jest/globals'
import { backupNameAt, backupNamed, type NamedBackup } from './backup-names.ts'
import { judgeBackups, type Keep } from './retention.ts'

const none: Keep = { last: 0, daily: 0, weekly: 0, monthly: 0 }
const now = new Date('2026-11-29T20:00:00Z')

/** One for each time; a name as the tool gives it. */
const at = (...times: readonly string[]): readonly NamedBackup[] =>
  times.map((time) => ({
    name: backupNameAt(new Date(`${time}Z`)),
    at: new Date(`${time}Z`),
    sealed: false,
  }))
const keptOf = (
  backups: readonly NamedBackup[],
  keep: Partial<Keep>,
  proven: readonly string[] = [],
): readonly string[] =>
  judgeBackups(backups, { keep: { ...none, ...keep }, proven: new Set(proven), now })
    .filter(({ reasons }) => reasons.length > 0)
    .map(({ backup }) => backup.at.toISOString().slice(0, 16))

const nightly = at(
  ...Array.from({ length: 60 }, (_, day) =>
    new Date(Date.parse('2026-11-29T02:30:00Z') - day * 86_400_000).toISOString().slice(0, 19),
  ),
)

it.each<readonly [string, Partial<Keep>, readonly string[]]>([
  ['the newest ones', { last: 2 }, ['2026-11-29T02:30', '2026-11-28T02:30']],
  [
    'the newest of each day, week and month',
    { daily: 2, weekly: 3, monthly: 2 },
    [
      '2026-11-29T02:30',
      '2026-11-28T02:30',
      '2026-11-22T02:30',
      '2026-11-15T02:30',
      '2026-10-31T02:30',
    ],
  ],
  ['a single one, however small the number', { monthly: 1 }, ['2026-11-29T02:30']],
])('keeps %s', (_, keep, expected) => {
  expect(keptOf(nightly, keep)).toEqual(expected)
})

it('counts days that have a backup, not days that have passed, and keeps the last of several in a day', () => {
  const backups = at(
    '2026-11-29T18:00:00',
    '2026-11-29T06:00:00',
    '2026-11-20T06:00:00',
    '2026-11-02T06:00:00',
  )
  expect(keptOf(backups, { daily: 2 })).toEqual(['2026-11-29T18:00', '2026-11-20T06:00'])
})

it('counts ISO weeks, also over the end of a year', () => {
  // 2026-12-31 is a Thursday: it and 2027-01-01 to 03 are week 53.
  const backups = at('2026-01-04T02:00:00', '2025-12-29T02:00:00', '2025-12-28T02:00:00')
  expect(keptOf(backups, { weekly: 2 })).toEqual(['2026-01-04T02:00', '2025-12-28T02:00'])
})

it('deletes nothing without a number', () => {
  expect(keptOf(nightly, {})).toHaveLength(60)
})

it('never deletes the newest that a drill has proven, nor the newest of all', () => {
  const proven = nightly[40]?.name ?? ''
  expect(keptOf(nightly, { last: 1 }, [proven, nightly[50]?.name ?? ''])).toEqual([
    '2026-11-29T02:30',
    '2026-10-20T02:30',
  ])
})

it('keeps one of the future, and lets it take no other’s place', () => {
  const backups = at('2027-03-01T02:30:00', '2026-11-29T02:30:00', '2026-11-28T02:30:00')
  expect(keptOf(backups, { last: 1 })).toEqual(['2027-03-01T02:30', '2026-11-29T02:30'])
})

test.each([
  'recargas-20260231T000000Z',
  'recargas-20261129T250000Z',
  'recargas-20261129T023000Z.part',
  'recargas-20261129T023000Z.tar',
  'recargas-20261129T023000Z.tar.age.part',
  'x-recargas-20261129T023000Z',
  '../recargas-20261129T023000Z',
  'monday',
])('%s is no name of a backup', (name) => {
  expect(backupNamed(name)).toBeNull()
})

test('a name tells its time and its encryption', () => {
  const begun = new Date('2026-11-29T02:30:00Z')
  expect(backupNamed('recargas-20261129T023000Z')).toMatchObject({ at: begun, sealed: false })
  expect(backupNamed(`${backupNameAt(begun)}.tar.age`)).toMatchObject({ at: begun, sealed: true })
})
