import { textOf, workspaces } from '../repository-files.ts'
import {
  imageProblems,
  Lockfile,
  lockfileProblems,
  looseVersions,
  Manifest,
  npmrcProblems,
} from './check-packages.ts'

/** One step of the check: the installed packages are the reviewed ones. */
const readJson = (file: string): unknown => JSON.parse(textOf(file))
const manifests = ['package.json', ...workspaces.map((folder) => `${folder}/package.json`)]

const problems = [
  ...manifests.flatMap((file) => looseVersions(file, Manifest.parse(readJson(file)))),
  ...lockfileProblems(Lockfile.parse(readJson('package-lock.json'))),
  ...npmrcProblems(textOf('.npmrc')),
  ...imageProblems(textOf('Dockerfile')),
]
for (const problem of problems) console.error(problem)
process.exitCode = problems.length === 0 ? 0 : 1
