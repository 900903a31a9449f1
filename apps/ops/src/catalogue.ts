import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { readCatalogueText } from '@recargas/contracts'
import type { Command } from 'commander'
import { acts, examples, type Act } from './command.ts'
import { printJson, printLine } from './print.ts'
import { CannotRun } from '@recargas/stack/reach/target'
import { terminal } from '@recargas/stack/reach/terminal'

const check: Act<object> = (_settings, { json }, ...[given]) => {
  const { environment } = terminal()
  const named = given ?? environment['CATALOGUE_PATH'] ?? 'catalogue.json'
  // npm changes the folder: a path is meant from where the person stands.
  const path = resolve(environment['INIT_CWD'] ?? '.', named)
  const reading = readCatalogueText(textOf(path))
  const problems = reading.kind === 'wrong' ? reading.problems : []
  if (json) printJson({ path, good: problems.length === 0, problems })
  else if (reading.kind === 'wrong') {
    printLine(`${named} is wrong; a gateway would keep the catalogue before it:`)
    for (const problem of problems) printLine(`  ${problem}`)
  } else {
    const shops = Object.entries(reading.catalogue.merchants)
    for (const [id, { currency, zona_horaria, operators }] of shops) {
      const names = operators.map(({ nombre }) => nombre).join(', ')
      printLine(`${id}: ${currency}, ${zona_horaria}: ${names}`)
    }
    printLine(`${named} is good: a running gateway takes it within 5 s`)
  }
  return Promise.resolve(problems.length === 0 ? 0 : 1)
}

const textOf = (path: string): string => {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    throw new CannotRun(`cannot read ${path} (${code ?? String(cause)})`, { cause })
  }
}

export const catalogueCommands = (program: Command): void => {
  const group = program.command('catalogue').description('the file that says what each shop sells')
  acts(
    group
      .command('check')
      .description('whether a gateway would take the file, and what is wrong with it')
      .argument('[file]', 'the file; else CATALOGUE_PATH, else catalogue.json')
      .addHelpText('after', examples('catalogue check', 'catalogue check catalogue.json')),
    check,
  )
}
