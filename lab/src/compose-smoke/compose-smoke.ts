import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { freePorts } from '@recargas/stack/ports'
import { repository } from '@recargas/stack/service-process'
import { keepFigure, loadAverage, say } from '../runner/report.ts'
import { inOwnFolder, type End } from '../runner/scenario.ts'
import { timed } from '../runner/statistics.ts'
import { createDocker, type Docker, type Reached } from './compose.ts'
import { chooseServices } from './images.ts'
import { sellAndWatch } from './sell-and-watch.ts'
import { sellPastDeaths } from './sell-past-deaths.ts'

export const addComposeSmoke = (program: Command, end: End) => {
  program
    .command('compose-smoke')
    .summary('starts docker-compose.yml and sells through it')
    .description(
      'Builds the images, starts docker-compose.yml with secrets, ports and volumes of its own, sells a top-up through it, and removes all of it again.',
    )
    .option(
      '--cluster',
      'with docker-compose.cluster.yml, and sells past the death of a broker and of the primary',
    )
    .option('--out <file>', 'writes what was measured there')
    .action((options: Options) => end(run(options)))
}

const project = 'recargas-smoke'
const upSecondsMax = 90
/** From a member's death to the answer of a sale that was pressed right after it. */
const waitMsMax = 10_000
const engineTimeoutMs = 15_000
const buildTimeoutMs = 1_800_000
const upTimeoutMs = 300_000
const downTimeoutMs = 120_000

type Options = { readonly cluster?: true; readonly out?: string }

const run = ({ cluster, out }: Options): Promise<boolean> =>
  inOwnFolder(async (folder) => {
    const secrets = join(folder, 'secrets')
    const [gateway = 0, sandbox = 0, rabbitmq = 0, prometheus = 0, alertmanager = 0, grafana = 0] =
      await freePorts(6)
    const files = ['docker-compose.yml', ...(cluster ? ['docker-compose.cluster.yml'] : [])]
    const docker = createDocker({
      COMPOSE_PROJECT_NAME: project,
      COMPOSE_FILE: files.join(':'),
      SECRETS_DIR: secrets,
      GATEWAY_PORT: String(gateway),
      SANDBOX_PORT: String(sandbox),
      RABBITMQ_UI_PORT: String(rabbitmq),
      PROMETHEUS_PORT: String(prometheus),
      ALERTMANAGER_PORT: String(alertmanager),
      GRAFANA_PORT: String(grafana),
    })
    const engine = await engineOf(docker)
    say(`Docker engine ${engine}`)
    execFileSync(process.execPath, [join(repository, 'apps/stack/compose-secrets.mjs'), secrets])
    const jwtSecret = readFileSync(join(secrets, 'jwt_secret'), 'utf8')
    const killed = cluster ? ['rabbitmq-2', 'mongo'] : []
    const at = { url: () => `http://127.0.0.1:${gateway}`, jwtSecret }
    const figure = await upAndDown(docker, { gateway: at, prometheus }, killed)
    const { services, leftOut, memberDeaths } = figure
    console.table({
      ...figure,
      services: services.join(' '),
      leftOut: leftOut.join(' '),
      memberDeaths: memberDeaths
        .map(({ member, waitedMs }) => `${member} ${waitedMs} ms`)
        .join(', '),
    })
    if (out !== undefined) keepFigure(out, { engine, ...figure })
    const missed = [
      ...(figure.upSeconds <= upSecondsMax ? [] : [`healthy within ${upSecondsMax} s`]),
      ...memberDeaths
        .filter(({ waitedMs }) => waitedMs > waitMsMax)
        .map(({ member }) => `a sale within ${waitMsMax} ms of the death of ${member}`),
    ]
    say(missed.length === 0 ? 'reached' : `NOT REACHED: ${missed.join('; ')}`)
    return missed.length === 0
  })

/** @throws with the missing part: a later step would fail with a less clear message */
const engineOf = async (docker: Docker): Promise<string> => {
  const version = ['version', '--format', '{{.Server.Version}}']
  try {
    await docker.run(['compose', 'version'], engineTimeoutMs)
    return (await docker.run(version, engineTimeoutMs)).trim()
  } catch (error) {
    throw new Error(
      `compose:smoke needs a Docker engine with docker compose, and there is none here.\n${String(error)}`,
      { cause: error },
    )
  }
}

const upAndDown = async (docker: Docker, reached: Reached, killed: readonly string[]) => {
  const down = () => docker.run(['compose', ...everything, ...downArgs], downTimeoutMs)
  const interrupted = () => void down().finally(() => process.exit(130))
  process.once('SIGINT', interrupted)
  process.once('SIGTERM', interrupted)
  try {
    // Removes the rest of a killed run.
    await down()
    const measured = await upAndSell(docker, reached, killed)
    return { ...measured, downSeconds: await secondsOf('all removed', down) }
  } catch (error) {
    const said = ['compose', ...everything, 'logs', '--tail', '15', '--no-color']
    say(await docker.run(said, engineTimeoutMs).catch(() => ''))
    await down()
    throw error
  } finally {
    process.off('SIGINT', interrupted)
    process.off('SIGTERM', interrupted)
  }
}

const upAndSell = async (docker: Docker, reached: Reached, killed: readonly string[]) => {
  const buildSeconds = await secondsOf('images built', () =>
    docker.run(['compose', '--profile', 'demo', 'build', '--quiet'], buildTimeoutMs),
  )
  const { services, leftOut } = await chooseServices(docker)
  const loadBefore = loadAverage()
  const upSeconds = await secondsOf('all healthy', () =>
    docker.run(['compose', ...upArgs], upTimeoutMs),
  )
  const observabilitySeconds = await secondsOf('observability healthy', () =>
    docker.run(['compose', ...everything, ...upArgs, ...services], upTimeoutMs),
  )
  const smoke = await sellAndWatch(docker, reached, services)
  const memberDeaths = await sellPastDeaths(docker, reached, killed)
  return {
    buildSeconds,
    /** Load average of the minute before anything was started. */
    loadAverage: loadBefore,
    upSeconds,
    /** Seconds that observability took, after the system itself. */
    observabilitySeconds,
    upSecondsMax,
    leftOut,
    ...smoke,
    /** Waits of a sale after each member's death; none where every server is alone. */
    memberDeaths,
  }
}

const everything = ['--profile', 'observability', '--profile', 'demo']
const upArgs = ['up', '--detach', '--wait', '--wait-timeout', '240', '--pull', 'never']
const downArgs = ['down', '--volumes', '--remove-orphans']

const secondsOf = async (what: string, work: () => Promise<unknown>): Promise<number> => {
  const seconds = Math.round((await timed(work)).ms / 100) / 10
  say(`✓ ${what} ${seconds}s`)
  return seconds
}
