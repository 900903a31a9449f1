import { spawn } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { cacheFolder } from '@recargas/stack/install'
import { runProgram } from '@recargas/stack/run-program'
import { repository } from '@recargas/stack/service-process'

export const pinned = 'schemathesis==4.32.5'

/** The tool's path; the first run installs it into a folder of its own. @throws without Python */
export const installedSchemathesis = async (log: (line: string) => void): Promise<string> => {
  const folder = join(cacheFolder(), pinned.replace('==', '-'))
  const program = join(folder, 'bin/st')
  if (existsSync(program)) return program
  log(`installing ${pinned} into ${folder}`)
  rmSync(folder, { recursive: true, force: true })
  try {
    await runProgram('python3', ['-m', 'venv', folder])
    const pip = ['-m', 'pip', 'install', '-q', '--disable-pip-version-check', pinned]
    await runProgram(join(folder, 'bin/python'), pip)
  } catch (error) {
    // The next run would take a partial installation for a complete one.
    rmSync(folder, { recursive: true, force: true })
    throw new Error(`${pinned} needs python3 with venv and pip: ${String(error)}`, { cause: error })
  }
  return program
}

/** The tool's extension beside this file: each request has an Idempotency-Key of its own. */
const extension = {
  PYTHONPATH: join(repository, 'lab/src/fuzz'),
  PYTHONDONTWRITEBYTECODE: '1',
  SCHEMATHESIS_HOOKS: 'own_keys',
}

type Options = {
  readonly url: string
  readonly token: string
  readonly seed: number
  /** For each operation and phase. */
  readonly examples: number
  /** File of the tool's own report. */
  readonly reportFile: string
}

/** Runs every check of the tool against every operation of the gateway's own document. @returns its exit code */
export const runSchemathesis = (program: string, options: Options): Promise<number> =>
  new Promise((resolve, reject) => {
    const config = join(repository, 'schemathesis.toml')
    const child = spawn(
      program,
      [
        ...['--config-file', config, 'run', `${options.url}/openapi.json`],
        ...['--header', `Authorization: Bearer ${options.token}`],
        ...['--seed', String(options.seed), '--max-examples', String(options.examples)],
        ...['--checks', 'all', '--continue-on-failure'],
        ...['--report', 'ndjson', '--report-ndjson-path', options.reportFile],
      ],
      {
        stdio: 'inherit',
        env: { ...process.env, ...extension },
      },
    )
    child.once('error', reject)
    child.once('exit', (code) => resolve(code ?? 1))
  })
