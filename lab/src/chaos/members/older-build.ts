import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { cacheFolder } from '@recargas/stack/install'
import { runProgram } from '@recargas/stack/run-program'
import { repository } from '@recargas/stack/service-process'
import { say } from '../../runner/report.ts'
import { editBuild } from '../edit-build.ts'
import { earlierLines } from './earlier-lines.ts'

/** The services of another commit, built in a folder of their own; their statement lines are of an earlier shape. */
export type OlderBuild = { readonly commit: string; readonly root: string }

const git = async (...args: readonly string[]): Promise<string> =>
  (await runProgram('git', ['-C', repository, ...args])).trim()

/** The newest commit whose services or packages differ from this one's. */
const newestOther = async (): Promise<string> => {
  const lastChange = await git('rev-list', '-1', 'HEAD', '--', 'services', 'packages')
  return `${lastChange}^`
}

/** Builds the services of a commit, once. @param ref the newest other services by default */
export const buildOlder = async (ref: string | undefined): Promise<OlderBuild> => {
  const wanted = ref ?? (await newestOther())
  const commit = await git('rev-parse', '--short', `${wanted}^{commit}`)
  const root = join(cacheFolder(), 'builds', `${commit}-earlier-lines`)
  if (existsSync(root)) return { commit, root }
  say(`building ${commit} in ${root} …`)
  const part = `${root}.part`
  rmSync(part, { recursive: true, force: true })
  mkdirSync(part, { recursive: true })
  const archive = join(part, 'sources.tar')
  await git('archive', '--format=tar', '--output', archive, commit)
  await runProgram('tar', ['-xf', archive, '-C', part])
  rmSync(archive)
  await runProgram(process.execPath, [join(part, 'apps/stack/prepare.mjs')])
  editBuild(part, 'earlier statement lines', earlierLines)
  renameSync(part, root)
  return { commit, root }
}
