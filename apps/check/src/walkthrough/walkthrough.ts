import { dirname, join } from 'node:path'
import { textOf } from '../repository-files.ts'

const page = 'docs/walkthrough.md'
const besideHeading = '## Beside the way'

export type Walkthrough = {
  /** Files of the sale's way, in the order of the page. */
  readonly way: readonly string[]
  /** Files and folders that the way imports and the page leaves out. */
  readonly beside: readonly string[]
}

const pathsOf = (text: string): readonly string[] => [
  ...new Set(
    [...text.matchAll(/`((?:packages|services)\/[\w./-]+)`/g)].map(([, path = '']) => path),
  ),
]

/** Reads the paths that docs/walkthrough.md names. */
export const readWalkthrough = (): Walkthrough => {
  const [steps = '', beside = ''] = textOf(page).split(besideHeading)
  return { way: pathsOf(steps), beside: pathsOf(beside) }
}

export const linesOf = (path: string): number => textOf(path).trimEnd().split('\n').length

const importPattern = /^(?:import|export) (?!type )([^'"]*?)from '(\.[^']+)'/gms

/** Repository paths of the relative imports of a file; imports of types alone are left out. */
export const importsOf = (path: string): readonly string[] =>
  [...textOf(path).matchAll(importPattern)]
    .filter(([, names = '']) => !isTypesOnly(names))
    .map(([, , target = '']) => join(dirname(path), target))

const isTypesOnly = (names: string): boolean => {
  const listed = /^\{([^}]*)\}\s*$/.exec(names)?.[1]
  const parts = listed?.split(',').map((each) => each.trim())
  return parts?.every((each) => each === '' || each.startsWith('type ')) ?? false
}
