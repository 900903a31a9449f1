import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startChild } from '@recargas/stack/child'
import type { Guard } from '@recargas/stack/guard'
import { freePort } from '@recargas/stack/ports'
import { repository } from '@recargas/stack/service-process'
import { waitUntil } from '@recargas/stack/readiness'
import { askPrometheus } from '../../till/metric.ts'

const startTimeoutMs = 120_000
const stopTimeoutMs = 8_000
const shippedFile = join(repository, 'ops/prometheus/prometheus.yml')

/** The addresses in the shipped configuration, and where each is for one run. */
export type Targets = Readonly<Record<string, string>>

export type Prometheus = Awaited<ReturnType<typeof startPrometheus>>

/**
 * Starts a Prometheus with the shipped rules and intervals. On return it has scraped each target twice: metrics that a first
 * scrape creates have been seen at 0, so their rise counts.
 */
export const startPrometheus = async (options: {
  readonly program: string
  readonly folder: string
  readonly targets: Targets
  readonly guard: Guard
}) => {
  const { folder } = options
  const configuration = join(folder, 'prometheus.yml')
  const configured = configurationFor(readFileSync(shippedFile, 'utf8'), options.targets)
  writeFileSync(configuration, configured)
  const port = await freePort()
  const child = await startChild({
    name: 'prometheus',
    command: options.program,
    args: [
      ...[`--config.file=${configuration}`, `--storage.tsdb.path=${join(folder, 'prometheus')}`],
      ...[`--web.listen-address=127.0.0.1:${port}`, '--log.level=warn'],
      ...['--storage.tsdb.retention.time=1d', '--query.max-concurrency=4'],
    ],
    env: process.env,
    logFile: join(folder, 'logs', 'prometheus.log'),
    guard: options.guard,
  })
  await waitUntil('prometheus reads all of its targets twice', startTimeoutMs, async () => {
    if (!child.running()) throw new Error(`prometheus ended:\n${child.lastLines(10)}`)
    const { result } = await askPrometheus<Vector>(port, `query?query=${readings}`).catch(
      () => nothing,
    )
    return (
      result.length >= targetsIn(configured) && result.every(({ value }) => Number(value[1]) >= 2)
    )
  })
  return {
    firing: async (): Promise<ReadonlySet<string>> => {
      const { alerts } = await askPrometheus<Alerts>(port, 'alerts')
      const ringing = alerts.filter(({ state }) => state === 'firing')
      return new Set(ringing.map(({ labels }) => labels.alertname))
    },
    stop: () => child.stop(stopTimeoutMs),
  }
}

const readings = encodeURIComponent('sum_over_time(up[5m])')
/** A job whose targets are found by their names, as that of backups, may have none. */
export const targetsIn = (configuration: string): number =>
  configuration.match(/- targets:/g)?.length ?? 0

type Vector = { readonly result: readonly { readonly value: readonly [number, string] }[] }
const nothing: Vector = { result: [] }

type Alerts = {
  readonly alerts: readonly {
    readonly state: string
    readonly labels: { readonly alertname: string }
  }[]
}

/** The shipped configuration with the addresses of one run, without receivers. @throws when an address is missing */
export const configurationFor = (shipped: string, targets: Targets): string =>
  Object.entries(targets).reduce(
    (text, [shippedAddress, address]) => {
      const quoted = `'${shippedAddress}'`
      if (!text.includes(quoted)) throw new Error(`${shippedFile} has no target ${quoted}`)
      return text.replaceAll(quoted, `'${address}'`)
    },
    shipped
      .replace(/^alerting:\n(?: .*\n)+/m, '')
      .replace(/^ {2}- rules\//m, `  - ${repository}ops/prometheus/rules/`),
  )
