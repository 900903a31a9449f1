import { textOf, workspaces } from '../repository-files.ts'
import {
  imageProblems,
  Lockfile,
  lockfileProblems,
  looseVersions,
  Manifest,
  npmrcProblems,
} from './check-packages.ts'

const readJson = (file: string): unknown => JSON.parse(textOf(file))
const manifests = ['package.json', ...workspaces.map((folder) => `${folder}/package.json`)]

/** Compares the manifests, the lockfile, npm's settings and the image with what was reviewed. @returns the differences */
export const installedPackagesProblems = (): readonly string[] => [
  ...manifests.flatMap((file) => looseVersions(file, Manifest.parse(readJson(file)))),
  ...lockfileProblems(Lockfile.parse(readJson('package-lock.json'))),
  ...npmrcProblems(textOf('.npmrc')),
  ...imageProblems(textOf('Dockerfile')),
]
