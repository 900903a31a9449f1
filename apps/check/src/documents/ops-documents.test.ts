import { expect, it } from '@jest/globals'
import { z } from 'zod'
import { exists, filesIn, filesUnder, textOf } from '../repository-files.ts'
import { expressionsOf, figuresIn, labelsIn, type Expression } from './expressions.ts'

const sourcesIn = (folder: string): readonly string[] =>
  filesUnder(folder).filter((file) => /^[^/]+\/[^/]+\/src\/.*(?<!\.test)\.ts$/.test(file))

/** Every figure of docs/metrics.md, under the names that its series have, with its labels. */
const documented: ReadonlyMap<string, readonly string[]> = new Map(
  [...textOf('docs/metrics.md').matchAll(/^\| `([\w:]+)` *\| (\w+) *\| ([^|]*?) *\|/gm)].flatMap(
    ([, name = '', type = '', labels = '']): [string, string[]][] => {
      const known = labels === '-' ? [] : labels.split(', ')
      return type === 'histogram'
        ? [
            [`${name}_bucket`, [...known, 'le']],
            [`${name}_sum`, known],
            [`${name}_count`, known],
          ]
        : [[name, known]]
    },
  ),
)
/** Prometheus' own, and the one that every figure of a service has. */
const everywhere = ['job', 'instance', 'service']

const Dashboard = z.object({
  uid: z.string(),
  title: z.string(),
  annotations: z.object({ list: z.array(z.object({ expr: z.string() })) }),
  panels: z.array(
    z.object({
      title: z.string(),
      type: z.string(),
      description: z.string().optional(),
      datasource: z.object({ uid: z.string() }).optional(),
      targets: z.array(z.object({ expr: z.string() })).optional(),
    }),
  ),
})
const dashboards = filesIn('ops/grafana/dashboards').map((file) => ({
  file,
  ...Dashboard.parse(JSON.parse(textOf(file))),
}))

const rules = filesIn('ops/prometheus/rules').flatMap((file) => expressionsOf(file, textOf(file)))
const shown: readonly Expression[] = dashboards.flatMap(({ file, panels, annotations }) => [
  ...annotations.list.map(({ expr }) => ({ where: file, text: expr })),
  ...panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr }) => ({ where: `${file}: ${title}`, text: expr })),
  ),
])

it.each([
  ['rules', rules],
  ['dashboards', shown],
])('the %s read only figures and labels that docs/metrics.md names', (_, expressions) => {
  expect(expressions.length).toBeGreaterThan(10)
  for (const { where, text } of expressions) {
    const figures = figuresIn(text)
    const unknown = figures.filter((name) => !documented.has(name))
    const labels = [...everywhere, ...figures.flatMap((name) => documented.get(name) ?? [])]
    const strange = labelsIn(text).filter((label) => !labels.includes(label))
    expect({ where, unknown, strange }).toEqual({ where, unknown: [], strange: [] })
    expect({ where, reads: figures.length > 0 }).toEqual({ where, reads: true })
  }
})

it('the recorded series of docs/metrics.md are those of the rules', () => {
  const recorded = [...textOf('ops/prometheus/rules/recording.yml').matchAll(/record: (\S+)/g)]
  const names = [...documented.keys()].filter((name) => name.includes(':'))
  expect(recorded.map(([, name]) => name).sort()).toEqual(names.sort())
})

it('every figure of the services is on a dashboard', () => {
  const used = new Set([...shown, ...rules].flatMap(({ text }) => figuresIn(text)))
  const unseen = [...documented.keys()].filter(
    (name) => !name.endsWith('_sum') && !name.endsWith('_count') && !used.has(name),
  )
  expect(unseen.filter((name) => !name.endsWith('increase1h'))).toEqual([])
})

const alertBlocks = textOf('ops/prometheus/rules/alerts.yml')
  .split(/^ {6}- alert: /m)
  .slice(1)

it('every alert has a severity, a summary and a runbook with all its parts, and no runbook is left over', () => {
  const books = alertBlocks.map((block) => {
    expect(block).toMatch(/severity: (page|ticket)\b/)
    expect(block).toMatch(/summary: ['"]?\S/)
    const [, name = ''] =
      /runbook_url: '\{\{ \$externalLabels\.runbooks \}\}\/(\S+)'/.exec(block) ?? []
    const book = `ops/runbooks/${name}`
    const alert = block.split('\n')[0] ?? ''
    expect({ alert, book, exists: name !== '' && exists(book) }).toMatchObject({
      exists: true,
    })
    const text = textOf(book)
    expect(text).toContain(alert)
    for (const part of ['## Look at', '## Run', '## Call']) expect(text).toContain(part)
    return book
  })
  const kept = filesIn('ops/runbooks').filter((file) => !file.endsWith('README.md'))
  expect([...new Set(books)].sort()).toEqual([...kept].sort())
})

/** Log lines that a runbook quotes: `Log line` followed by the message in code, or several of them. */
const quotedLines = filesIn('ops/runbooks').flatMap((book) =>
  [...textOf(book).matchAll(/\blog lines? ((?:`[^`]+`(?:, | and | or )?)+)/gi)].flatMap(
    ([, quoted = '']) =>
      [...quoted.matchAll(/`([^`]+)`/g)].map(([, line = '']) => ({ book, line })),
  ),
)

/** A call of the log with its message, or a line that the log makes by itself. */
const logged =
  /(?:\.(?:debug|info|warn|error)|\])\(\s*'([^'\n]+)'|level: '\w+', message: '([^'\n]+)'/g

/** Messages that a service gives to its log. */
const loggedMessages: ReadonlySet<string> = new Set(
  ['services', 'packages']
    .flatMap(sourcesIn)
    .flatMap((file) =>
      [...textOf(file).matchAll(logged)].map(([, called, named]) => called ?? named ?? ''),
    ),
)

it('every log line that a runbook names is one that a service writes', () => {
  expect(quotedLines.length).toBeGreaterThanOrEqual(10)
  expect(loggedMessages.size).toBeGreaterThan(20)
  expect(quotedLines.filter(({ line }) => !loggedMessages.has(line))).toEqual([])
})

it('a runbook that sends its reader to a log names the line to look for', () => {
  const vague = filesIn('ops/runbooks').flatMap((book) =>
    textOf(book)
      .split('\n')
      .filter((line) => /\b(?:ledger|adapter|gateway)(?:'s|s')? log\b/i.test(line))
      .filter((line) => !/\blog lines? `/i.test(line))
      .map((line) => ({ book, line })),
  )
  expect(vague).toEqual([])
})

/** Requests that `ops` has a command for: the state of a service, and the API's reads of sales, floats and cases. */
const rawRequest = /`(?:GET \/|curl [^`]*\/(?:ready|live|metrics|recargas|operadoras)\b)/

it('a runbook asks with an `ops` command, and shows the table that it prints', () => {
  const books = filesIn('ops/runbooks').filter((file) => !file.endsWith('README.md'))
  expect(books.filter((book) => rawRequest.test(textOf(book)))).toEqual([])
  const looks = /^- `npm run ops -- /m
  const silent = books.filter(
    (book) => looks.test(textOf(book)) && !/^ *```text$/m.test(textOf(book)),
  )
  expect(silent).toEqual([])
})

it('a runbook’s address begins with the setting RUNBOOK_BASE_URL, which Prometheus and compose know', () => {
  expect(textOf('ops/prometheus/prometheus.yml')).toMatch(
    /external_labels:\n(?: +#.*\n)* +runbooks: \$\{RUNBOOK_BASE_URL\}/,
  )
  expect(textOf('docker-compose.yml')).toMatch(/RUNBOOK_BASE_URL: \$\{RUNBOOK_BASE_URL:-https?:/)
  expect(textOf('docs/operating.md')).toContain('`RUNBOOK_BASE_URL`')
})

it('every alert has a case in which it fires and one in which it stays quiet', () => {
  const tests = filesIn('ops/prometheus/tests').map(textOf).join('\n')
  const cases = [...tests.matchAll(/alertname: (\w+)\n +exp_alerts:( \[\])?/g)]
  for (const block of alertBlocks) {
    const alert = block.split('\n')[0] ?? ''
    const own = cases.filter(([, name]) => name === alert)
    const quiet = own.filter(([, , empty]) => empty !== undefined).length
    expect({ alert, quiet: quiet > 0, fires: own.length > quiet }).toEqual({
      alert,
      quiet: true,
      fires: true,
    })
  }
})

it('dashboards use the provisioned data source, and each panel has a description', () => {
  const source = textOf('ops/grafana/provisioning/datasources/prometheus.yml')
  const [, uid = ''] = /uid: (\S+)/.exec(source) ?? []
  expect(new Set(dashboards.map((dashboard) => dashboard.uid)).size).toBe(dashboards.length)
  expect(dashboards[0]?.title).toContain('Are sales flowing?')
  for (const { file, panels } of dashboards) {
    for (const { title, type, description = '', datasource } of panels) {
      if (type === 'row') continue
      expect({ file, title, described: description !== '' }).toMatchObject({ described: true })
      expect(datasource?.uid).toBe(uid)
    }
  }
})
