import { setTimeout as sleep } from 'node:timers/promises'
import {
  quarantineCauses,
  QuarantineGroups,
  QuarantineId,
  QuarantineMessage,
  QuarantinePage,
  quarantinePageMax,
  QuarantineResults,
  quarantineStates,
  quarantineStepMax,
  type QuarantineChoice,
  type QuarantineFilter,
  type QuarantineResult,
} from '@recargas/contracts'
import { Option, type Command } from 'commander'
import { wholeNumber } from '@recargas/stack/given-value'
import { ask } from '@recargas/stack/reach/client'
import { acts, examples, type Act, type Global } from './command.ts'
import { personOf, reasonOf } from './person.ts'
import { ageOf, printJson, printLine, printList, printTable } from './print.ts'
import { CannotRun, Wrong } from '@recargas/stack/reach/target'

type Filter = { readonly cause?: string; readonly type?: string; readonly queue?: string }
type List = Filter & {
  readonly state: string
  readonly messages: boolean
  readonly limit: number
  readonly cursor?: string
}

const base = '/internal/quarantine'

const filterOf = ({ cause, type, queue }: Filter): QuarantineFilter => {
  const filter = { cause, type, queue }
  const given = Object.entries(filter).filter(([, value]) => value !== undefined)
  // Commander accepts known causes only.
  return Object.fromEntries(given)
}

const list: Act<List> = async (settings, options) => {
  const { state, limit, cursor, json } = options
  if (!options.messages) {
    const path = `${base}/groups?${new URLSearchParams({ state }).toString()}`
    const groups = (await ask(settings, 'ledger', path, QuarantineGroups)) ?? []
    if (json) printJson(groups)
    else if (groups.length === 0) printLine('empty')
    else {
      printTable(
        ['cause', 'type', 'queue', 'messages', 'oldest', 'newest'],
        groups.map((group) => [
          group.cause,
          group.type,
          group.queue,
          group.count,
          ageOf(group.oldest),
          ageOf(group.newest),
        ]),
      )
    }
    return 0
  }
  const query = new URLSearchParams({ state, limit: String(limit) })
  for (const [name, value] of Object.entries(filterOf(options))) query.set(name, String(value))
  if (cursor !== undefined) query.set('cursor', cursor)
  const page = await ask(settings, 'ledger', `${base}?${query.toString()}`, QuarantinePage)
  if (json) printJson(page)
  else {
    printList(
      ['id', 'cause', 'type', 'queue', 'came', 'tries', 'detail'],
      (page?.messages ?? []).map((each) => [
        each.id,
        each.cause,
        each.type,
        each.queue,
        ageOf(each.firstSeenAt),
        each.attempts,
        each.detail,
      ]),
    )
    if (page?.next) printLine(`more: --cursor ${page.next}`)
  }
  return 0
}

/** @throws for a text that is no message's id, before any request */
const messageId = (id: string): string => {
  if (QuarantineId.safeParse(id).success) return id
  throw new CannotRun(
    `${id} is no id of a message: 32 digits and letters a to f, as quarantine list --messages names them`,
  )
}

const show: Act<object> = async (settings, { json }, given = '') => {
  const id = messageId(given)
  const path = `${base}/${encodeURIComponent(id)}`
  const found = await ask(settings, 'ledger', path, QuarantineMessage)
  if (found === null) throw new Wrong(`no message ${id} in quarantine`)
  if (json) {
    printJson(found)
    return 0
  }
  const { body, headers, actions, ...row } = found
  printTable(
    ['', ''],
    Object.entries(row).map(([name, value]) => [name, String(value ?? '-')]),
  )
  printTable(
    ['header', ''],
    Object.entries(headers).map(([name, value]) => [name, String(value)]),
  )
  if (actions.length > 0) {
    printTable(
      ['at', 'by', 'action', 'detail'],
      actions.map(({ at, by, action, detail }) => [at, by, action, detail]),
    )
  }
  printLine(body.encoding === 'utf8' ? body.text : `base64: ${body.text}`)
  return 0
}

type Settle = Filter & {
  readonly by?: string
  readonly all: boolean
  readonly dryRun: boolean
  readonly rate: number
  readonly reason?: string
  readonly expect?: number
}

const rateMax = 100
const messagesMax = 100_000

/** Steps of at most a second's worth, so that the rate holds and a Ctrl-C stops in between. */
const settle =
  (action: 'replay' | 'discard'): Act<Settle> =>
  async (settings, options, ...given) => {
    const ids = given.map(messageId)
    const by = personOf(settings, options.by)
    const { dryRun, rate } = options
    const why =
      action === 'discard' || options.reason !== undefined
        ? { reason: reasonOf(options.reason, `say why for ${action}`) }
        : {}
    const send = async (choice: QuarantineChoice) => {
      const body = { by, choice, dryRun, ...why }
      const request = { method: 'POST', body, timeoutMs: 60_000 } as const
      const answer = await ask(settings, 'ledger', `${base}/${action}`, QuarantineResults, request)
      return answer ?? { results: [], remaining: 0 }
    }
    const results: QuarantineResult[] = []
    for await (const step of stepsOf(options, ids, rate, send)) {
      results.push(...step)
      if (!options.json) showResults(step)
    }
    const left = results.filter(({ outcome }) => outcome === 'left').length
    if (options.json) printJson({ results, left })
    else printLine(`${results.length} messages, ${left} left${dryRun ? ' (dry run)' : ''}`)
    return left === 0 ? 0 : 1
  }

type Step = (choice: QuarantineChoice) => Promise<QuarantineResults>

const stepsOf = async function* (
  options: Settle & Global,
  ids: readonly string[],
  rate: number,
  send: Step,
): AsyncGenerator<readonly QuarantineResult[]> {
  const filter = filterOf(options)
  const isGroup = options.all || Object.keys(filter).length > 0
  if (isGroup === ids.length > 0) {
    throw new CannotRun(
      'which messages? Either ids, or a group by --cause, --type, --queue, or --all',
    )
  }
  if (!isGroup) {
    for (let from = 0; from < ids.length; from += rate) {
      if (from > 0) await sleep(1_000)
      yield (await send({ of: 'messages', ids: ids.slice(from, from + rate) })).results
    }
    return
  }
  // A message that fails again arrives after this instant and is left for the next command.
  const before = new Date().toISOString()
  const limit = options.dryRun ? quarantineStepMax : rate
  for (let taken = 0; taken < messagesMax;) {
    // The later steps take what the first has left.
    const expected = taken === 0 && options.expect !== undefined ? { expected: options.expect } : {}
    const { results, remaining } = await send({ of: 'group', filter, before, limit, ...expected })
    yield results
    taken += results.length
    const isStuck = results.some(({ outcome }) => outcome === 'left')
    if (options.dryRun) {
      if (remaining > results.length) printMore(options, remaining - results.length)
      return
    }
    // The next step would take the remaining messages again, for ever.
    if (remaining === 0 || results.length === 0 || isStuck) return
    await sleep(1_000)
  }
}

const printMore = ({ json }: Settle & Global, count: number): void => {
  if (!json) printLine(`and ${count} more`)
}

const showResults = (results: readonly QuarantineResult[]): void => {
  if (results.length === 0) return
  printTable(
    ['id', 'type', 'queue', 'outcome', 'note'],
    results.map(({ id, type, queue, outcome, note }) => [id, type, queue, outcome, note]),
  )
}

const filterOptions = (command: Command): Command =>
  command
    .addOption(new Option('--cause <cause>', 'only of this cause').choices(quarantineCauses))
    .option('--type <type>', 'only of this type, as RequestTopup.v1')
    .option('--queue <queue>', 'only from this queue, as ledger.3.v1')

const settleOptions = (command: Command): Command =>
  filterOptions(command)
    .option('--all', 'everything that waits', false)
    .option('--by <name>', 'who does it (OPS_BY); stays in the audit')
    .option('--dry-run', 'only say what would be done', false)
    .option(
      '--expect <count>',
      'only where exactly so many of the group wait',
      wholeNumber(1, messagesMax),
    )
    .option('--rate <count>', `messages a second, at most ${rateMax}`, wholeNumber(1, rateMax), 10)

export const quarantineCommands = (program: Command): void => {
  const group = program
    .command('quarantine')
    .description('messages that nobody could read or handle: look, replay, discard')
  acts(
    filterOptions(group.command('list'))
      .description('what waits, in groups by cause, type and queue; numbers are masked')
      .option('--messages', 'one by one, the oldest first', false)
      .addOption(new Option('--state <state>').choices(quarantineStates).default('waiting'))
      .option(
        '--limit <count>',
        `of a page, at most ${quarantinePageMax}`,
        wholeNumber(1, quarantinePageMax),
        50,
      )
      .option('--cursor <cursor>', 'the page after the one that named it')
      .addHelpText(
        'after',
        examples('quarantine list', 'quarantine list --messages --cause INVALID'),
      ),
    list,
  )
  acts(
    group
      .command('show')
      .description('one message with body, headers, attempts and what was done with it')
      .argument('<id>')
      .addHelpText('after', examples('quarantine show ID', 'quarantine show ID --json')),
    show,
  )
  acts(
    settleOptions(group.command('replay'))
      .description('sends messages again to their queue under their own id; repeats are harmless')
      .argument('[ids...]')
      .option('--reason <text>', 'why; stays in the audit')
      .addHelpText(
        'after',
        examples(
          'quarantine replay ID --by "Ana Rojas"',
          'quarantine replay --cause HANDLER_FAILED --dry-run --by "Ana Rojas"',
          'quarantine replay --cause HANDLER_FAILED --rate 20 --by "Ana Rojas"',
        ),
      ),
    settle('replay'),
  )
  acts(
    settleOptions(group.command('discard'))
      .description('settles messages that can never be taken; body and reason are kept')
      .argument('[ids...]')
      .requiredOption('--reason <text>', 'why; stays in the audit')
      .addHelpText(
        'after',
        examples('quarantine discard ID --reason "sent by a test" --by "Ana Rojas"'),
      ),
    settle('discard'),
  )
}
