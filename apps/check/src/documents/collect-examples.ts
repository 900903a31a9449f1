import { filesIn, filesUnder, textOf } from '../repository-files.ts'

/** One command line that the project prints for its reader, and the places that print it. */
type PrintedExample = { readonly command: string; readonly places: readonly string[] }

const documents = (): readonly string[] => [
  'README.md',
  'packages/client/README.md',
  'packages/client/README.es.md',
  ...['docs', 'docs/es', 'ops/runbooks', 'ops/runbooks/es'].flatMap((folder) =>
    filesIn(folder).filter((file) => file.endsWith('.md')),
  ),
]

/** Files with a --help text. */
const helpFiles = (): readonly string[] => [
  'apps/stack/start.mjs',
  ...['apps/stack/src', 'apps/ops/src', 'apps/check/src', 'lab/src', 'services/ledger/src'].flatMap(
    (folder) => filesUnder(folder).filter((file) => /(?<!\.test)\.ts$/.test(file)),
  ),
]

const programs = /^(?:npm|npx|node|git|curl|docker|rabbitmq-diagnostics|df|grafana|mongosh) /

/** Command lines of a document: every line of its shell blocks, and code in its text that begins with a program. */
const ofDocument = (text: string): readonly string[] => [
  ...[...text.matchAll(/^```(?:sh|bash|console)\n([\s\S]*?)^```/gm)].flatMap(([, block = '']) =>
    linesOf(block),
  ),
  ...[...text.replaceAll(/^```[\s\S]*?^```/gm, '').matchAll(/`([^`\n]+)`/g)]
    .map(([, code = '']) => code)
    .filter((code) => programs.test(code) || /^npm (?:start|test)$/.test(code)),
]

/** Lines of a shell block, continued ones joined, without comments. */
const linesOf = (block: string): readonly string[] =>
  block
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .map((line) => line.replace(/(?:^|\s+)# .*$/, '').trim())
    .filter((line) => line !== '')

/** Command lines of a --help: indented, beginning with npm; a synopsis with its brackets is none. */
const ofHelp = (text: string): readonly string[] =>
  [...text.matchAll(/^ {2,}'? *(npm (?:run|start)[^\n'`]*?)(?:\\n)?['`]?,?(?: \+)?$/gm)]
    .map(([, command = '']) => command.trim())
    .filter((command) => !/[[|…$]/.test(command))

/** Examples of `ops`, which are made when its help is printed. */
const ofOps = (text: string): readonly string[] =>
  [...text.matchAll(/examples\(([\s\S]*?)\),?\n/g)].flatMap(([, given = '']) =>
    [...given.matchAll(/'([^'\n]+)'/g)].map(([, line = '']) => `npm run ops -- ${line}`),
  )

/** Command lines that one page prints, in its order. */
export const commandsOf = (page: string): readonly string[] => ofDocument(textOf(page))

export const printedExamples = (): readonly PrintedExample[] => {
  const places = new Map<string, Set<string>>()
  const add = (file: string, commands: readonly string[]): void => {
    for (const command of commands) {
      places.set(command, (places.get(command) ?? new Set()).add(file))
    }
  }
  for (const file of documents()) add(file, commandsOf(file))
  for (const file of helpFiles()) {
    const text = textOf(file)
    add(file, [...ofHelp(text), ...ofOps(text)])
  }
  return [...places].map(([command, files]) => ({ command, places: [...files] }))
}

/** Words of a command line as a shell splits them. */
export const wordsOf = (line: string): readonly string[] =>
  [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, bare]) => double ?? single ?? bare ?? '',
  )
