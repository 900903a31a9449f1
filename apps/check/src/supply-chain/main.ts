import { readdirSync, readFileSync } from 'node:fs'
import {
  imageProblems,
  Lockfile,
  lockfileProblems,
  looseVersions,
  Manifest,
  npmrcProblems,
} from './check-packages.ts'

/** One step of the check: the installed packages are the reviewed ones. Run in the repository's root. */
const read = (file: string): string => readFileSync(file, 'utf8')
const readJson = (file: string): unknown => JSON.parse(read(file))

const workspaces = ['packages', 'services', 'apps'].flatMap((folder) =>
  readdirSync(folder).map((name) => `${folder}/${name}/package.json`),
)
const manifests = ['package.json', 'lab/package.json', ...workspaces]

const problems = [
  ...manifests.flatMap((file) => looseVersions(file, Manifest.parse(readJson(file)))),
  ...lockfileProblems(Lockfile.parse(readJson('package-lock.json'))),
  ...npmrcProblems(read('.npmrc')),
  ...imageProblems(read('Dockerfile')),
]
for (const problem of problems) console.error(problem)
process.exitCode = problems.length === 0 ? 0 : 1
