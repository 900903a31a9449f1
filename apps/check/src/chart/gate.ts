import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { onPath } from '@recargas/stack/install'
import { repository } from '@recargas/stack/service-process'
import { z } from 'zod'
import { refusalsWith, valueSets, type Refusal, type ValueSet } from './cases.ts'
import { KubernetesObject, ruleProblems } from './rules.ts'

/** The oldest version that the chart names, one in between, the newest that the validator knows. */
const kubernetesVersions = ['1.30', '1.34', '1.37']
const chart = join(repository, 'ops/helm/recargas')
const programTimeoutMs = 60_000
const outputBytesMax = 64_000_000
const atOnce = 2

type Run = { readonly ok: boolean; readonly out: string; readonly err: string }

const run = (program: string, args: readonly string[]): Promise<Run> =>
  new Promise((resolve) => {
    const options = { timeout: programTimeoutMs, maxBuffer: outputBytesMax }
    execFile(program, [...args], options, (error, out, err) =>
      resolve({ ok: error === null, out, err: err || (error?.message ?? '') }),
    )
  })

const valueArguments = (files: readonly string[], set: readonly string[] = []) => [
  ...['minimal', ...files].flatMap((file) => [
    '--values',
    join(repository, `ops/helm/values/${file}.yaml`),
  ]),
  ...['--set-file', `catalogue.text=${join(repository, 'catalogue.json')}`],
  ...set.flatMap((each) => ['--set', each]),
]

const withoutEmptyLines = (text: string): string =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .join('\n')

type Rendered = { readonly problems: readonly string[]; readonly text: string }

const render = async ({ name, files }: ValueSet): Promise<Rendered> => {
  const values = valueArguments(files)
  const linted = await run('helm', ['lint', chart, '--strict', ...values])
  const made = await run('helm', ['template', 'shop', chart, ...values])
  return {
    text: made.out,
    problems: [
      ...(linted.ok ? [] : [`${name}: helm lint: ${withoutEmptyLines(linted.out + linted.err)}`]),
      ...(made.ok ? [] : [`${name}: helm template: ${withoutEmptyLines(made.err)}`]),
    ],
  }
}

const refuse = async ({ name, files = [], set, says }: Refusal): Promise<readonly string[]> => {
  const made = await run('helm', ['template', 'shop', chart, ...valueArguments(files, set)])
  if (made.ok) return [`accepted: ${name}`]
  // A schema's answer names place and reason on two lines.
  const said = withoutEmptyLines(made.err).replaceAll('\n', ' ')
  return says.test(said) ? [] : [`${name}: refused without ${String(says)}: ${said}`]
}

/** Runs two at a time: each keeps one core busy. */
const each = async <Item, Result>(
  items: readonly Item[],
  act: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> => {
  const results: Result[] = []
  for (let at = 0; at < items.length; at += atOnce) {
    results.push(...(await Promise.all(items.slice(at, at + atOnce).map(act))))
  }
  return results
}

const Read = z.object({
  objects: z.record(z.string(), z.array(KubernetesObject)),
  problems: z.array(z.string()),
})

/** Reads the objects of the files and holds them against their schemas, in the Python that has the validator. */
const readObjects = async (files: readonly string[]): Promise<z.infer<typeof Read>> => {
  const validator = onPath('kubernetes-validate')
  if (validator === null) throw new Error('kubernetes-validate is not on PATH')
  const python = join(dirname(validator), 'python3')
  const script = join(repository, 'apps/check/src/chart/read-objects.py')
  const { ok, out, err } = await run(python, [script, kubernetesVersions.join(','), ...files])
  if (!ok) throw new Error(`${script}: ${err}`)
  return Read.parse(JSON.parse(out))
}

const alertsOf = (text: string): readonly string[] =>
  [...text.matchAll(/^ *- (?:alert|record): (\S+)$/gm)].map(([, name = '']) => name).sort()

/** The rules of the chart are those that Prometheus runs elsewhere, each with the address of its runbook. */
const alertProblems = (text: string): readonly string[] => {
  const folder = join(repository, 'ops/prometheus/rules')
  const rules = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'))
  const isSame = String(alertsOf(text)) === String(rules.flatMap(alertsOf).sort())
  return [
    ...(isSame ? [] : ['monitoring: the rules differ from those of ops/prometheus']),
    ...(text.includes('externalLabels') ? ['monitoring: a runbook has no address'] : []),
  ]
}

export type Gate = {
  readonly partitions: number
  /** Secrets that the services need, as paths of the values. */
  readonly requiredSecrets: readonly string[]
}

/** Lints, renders and validates the chart with every set of values, and has it refuse what it must. @returns the faults */
export const checkChart = async (gate: Gate): Promise<readonly string[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'recargas-chart-'))
  try {
    const rendered = await each(valueSets, render)
    // Without objects everything below would fail for the same reason.
    const broken = rendered.flatMap((made) => made.problems)
    if (broken.length > 0) return broken
    const files = valueSets.map(({ name }, index) => {
      const file = join(folder, `${name}.yaml`)
      writeFileSync(file, rendered[index]?.text ?? '')
      return file
    })
    const examples = join(repository, 'ops/helm/examples')
    const { objects, problems } = await readObjects([
      ...files,
      ...readdirSync(examples).map((name) => join(examples, name)),
    ])
    const refused = await each(refusalsWith(gate.requiredSecrets), refuse)
    const monitoring = valueSets.findIndex(({ name }) => name === 'monitoring')
    return [
      ...problems,
      ...files.flatMap((file) =>
        ruleProblems(objects[file] ?? [], gate.partitions).map(
          (problem) => `${basename(file)}: ${problem}`,
        ),
      ),
      ...alertProblems(rendered[monitoring]?.text ?? ''),
      ...refused.flat(),
    ]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
