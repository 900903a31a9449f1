import { errorText } from '@recargas/contracts'
import { settingOf } from '@recargas/runtime'
import { isIdle, print, printError, printUsage } from '../command-line.ts'
import { connectLedgerDatabase } from '../connect-database.ts'
import { unauthorized } from '../mongo/server-errors.ts'
import { readArguments, usage, type RebuildArguments } from './arguments.ts'
import { openRebuild, refuseOther } from './open-rebuild.ts'
import { createProgressPrinter } from './print-progress.ts'
import { rebuildProjections } from './rebuild-projections.ts'
import { RebuildStopped, rebuildTimes, timesAlone } from './rebuild-run.ts'

const connection = { connectTimeoutMs: 5_000, poolSize: 10 } as const
const timeoutMs = 10_000

const rebuild = async ({
  projections,
  alone,
  json,
}: Extract<RebuildArguments, { kind: 'rebuild' }>): Promise<number> => {
  // eslint-disable-next-line n/no-process-env -- a tool of its own, not the service
  const uri = settingOf(process.env, 'MONGODB_URI')
  if (uri === undefined || uri === '') throw new Error('MONGODB_URI is not set')
  let isStopping = false
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      isStopping = true
    })
  }
  const startedAt = performance.now()
  const database = await connectLedgerDatabase(uri, connection)
  try {
    await refuseOther(database, timeoutMs)
    const deps = openRebuild(database, { timeoutMs })
    await rebuildProjections({
      ...deps,
      projections,
      // Its caller reports the drill as a whole.
      onProgress: alone ? () => undefined : createProgressPrinter(printError, deps.nowMs),
      isStopping: () => isStopping,
      times: alone ? timesAlone : rebuildTimes,
    })
    const generations = await deps.generations.read()
    const rebuilt = projections.map(({ name }) => ({
      projection: name,
      generation: generations.get(name)?.current ?? 1,
    }))
    const seconds = Math.round((performance.now() - startedAt) / 100) / 10
    if (json) print(JSON.stringify({ rebuilt, seconds }))
    else for (const each of rebuilt) print(`${each.projection}: generation ${each.generation}`)
    return 0
  } finally {
    await database.close()
  }
}

const run = async (): Promise<number> => {
  const args = readArguments(process.argv.slice(2))
  return isIdle(args) ? printUsage(args, usage) : rebuild(args)
}

process.exitCode = await run().catch((error: unknown) => {
  const text = errorText(error)
  printError(
    (error as { code?: unknown }).code === unauthorized
      ? `${text}: name the ledger’s database as a user that may make, write and drop its collections`
      : text,
  )
  if (!(error instanceof RebuildStopped))
    printError('the written documents stay; the same command continues')
  return error instanceof RebuildStopped ? 1 : 2
})
