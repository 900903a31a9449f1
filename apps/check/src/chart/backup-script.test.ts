import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { cacheFolder, onPath } from '@recargas/stack/install'
import { repository } from '@recargas/stack/service-process'

/** Folders of age and rclone: .ci/run installs them where the machine has none. */
const installed = join(cacheFolder(), 'backup')
const areThere = ['age', 'age-keygen', 'rclone'].every((tool) => onPath(tool, [installed]) !== null)
const path = `${process.env['PATH'] ?? ''}:${installed}`

let folder = ''
let identity = ''
let recipient = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'recargas-backup-'))
  for (const name of ['dist', 'scratch', 'objects']) mkdirSync(join(folder, name))
  // Stands for apps/ops where it reads databases: makes an encrypted file in the folder that it is given. Names are judged by the real one.
  writeFileSync(
    join(folder, 'dist/main.js'),
    `const { execFileSync, spawnSync } = require('node:child_process')
     const { mkdirSync, writeFileSync } = require('node:fs')
     const [, , command, , made, ...recipients] = process.argv
     if (command !== 'backup') {
       const real = spawnSync(process.execPath, ['${join(repository, 'apps/ops/dist/main.js')}', ...process.argv.slice(2)], { stdio: 'inherit' })
       process.exit(real.status)
     }
     mkdirSync(made)
     writeFileSync('manifest.json', 'the books')
     const file = made + '/recargas-20251129T023000Z.tar.age'
     execFileSync('sh', ['-c', 'tar -cf - ./manifest.json | age "$@"', 'sh', ...recipients, '--output', file])
     process.exit(Number(process.env.OPS_EXIT ?? 0))`,
  )
  // A remote without a server: a folder.
  writeFileSync(join(folder, 'rclone.conf'), '[objects]\ntype = local\n')
  if (!areThere) return
  identity = join(folder, 'identity')
  execFileSync('age-keygen', ['-o', identity], { env: { PATH: path }, stdio: 'ignore' })
  recipient = /age1\w+/.exec(readFileSync(identity, 'utf8'))?.[0] ?? ''
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const backUp = (environment: Readonly<Record<string, string>>) =>
  spawnSync('bash', [join(repository, 'ops/helm/recargas/files/backup.sh')], {
    cwd: folder,
    encoding: 'utf8',
    env: {
      PATH: path,
      HOME: folder,
      SCRATCH: join(folder, 'scratch'),
      RCLONE_CONFIG: join(folder, 'rclone.conf'),
      BACKUP_DESTINATION: `objects:${join(folder, 'objects')}`,
      ...environment,
    },
  })
const filesIn = (name: string): readonly string[] => readdirSync(join(folder, name))

const withTools = areThere ? describe : describe.skip

withTools('the chart’s backup', () => {
  it('arrives encrypted, opens with the key of its recipient only, and leaves nothing behind', () => {
    const made = backUp({ BACKUP_RECIPIENTS: recipient })
    expect({ status: made.status, error: made.stderr }).toEqual({ status: 0, error: '' })
    const [name = ''] = filesIn('objects')
    expect(name).toMatch(/^recargas-\d{8}T\d{6}Z\.tar\.age$/)
    const object = join(folder, 'objects', name)
    expect(readFileSync(object).includes('the books')).toBe(false)
    const tar = execFileSync('age', ['--decrypt', '--identity', identity, object], {
      env: { PATH: path },
    })
    const text = execFileSync('tar', ['-xOf', '-', './manifest.json'], { input: tar })
    expect(text.toString()).toBe('the books')
    expect(filesIn('scratch')).toEqual([])
  })

  it('keeps what the numbers say, and never what is not its own', () => {
    const held = [
      'recargas-20251128T023000Z.tar.age',
      'recargas-20251127T023000Z.tar.age',
      'recargas-20251120T023000Z.tar.age',
      'recargas-20251120T023000Z.tar.age.proven.json',
      'recargas-latest.tar.age',
      'books.ods',
    ]
    for (const name of held) writeFileSync(join(folder, 'objects', name), 'old')
    const made = backUp({ BACKUP_RECIPIENTS: recipient, BACKUP_KEEP: '--keep-daily 2' })
    expect({ status: made.status, error: made.stderr }).toEqual({ status: 0, error: '' })
    expect([...filesIn('objects')].sort()).toEqual([
      'books.ods',
      'recargas-20251120T023000Z.tar.age',
      'recargas-20251120T023000Z.tar.age.proven.json',
      'recargas-20251128T023000Z.tar.age',
      'recargas-20251129T023000Z.tar.age',
      'recargas-latest.tar.age',
    ])
  })

  it.each([
    ['without a recipient', { BACKUP_RECIPIENTS: '' }],
    ['for a recipient that is none', { BACKUP_RECIPIENTS: 'age1nobody' }],
    ['when the databases cannot be read', { OPS_EXIT: '2' }],
  ])('sends nothing %s', (_, environment) => {
    const made = backUp({ BACKUP_RECIPIENTS: recipient, ...environment })
    expect(made.status).not.toBe(0)
    expect(filesIn('objects')).toEqual([])
    expect(filesIn('scratch')).toEqual([])
  })
})
