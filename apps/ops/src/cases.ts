import {
  caseStates,
  formatDecimal,
  OperatorCase,
  OperatorCases,
  pageSizeMax,
} from '@recargas/contracts'
import { Option, type Command } from 'commander'
import { wholeNumber } from '@recargas/stack/given-value'
import { ask } from '@recargas/stack/reach/client'
import { acts, examples, merchantOption, type Act } from './command.ts'
import { personOf, reasonOf } from './person.ts'
import { ageOf, printJson, printLine, printList, printTable } from './print.ts'
import { Wrong } from '@recargas/stack/reach/target'

const base = '/internal/cases'

type List = {
  readonly state: string
  readonly merchant?: string
  readonly limit: number
  readonly cursor: number
}

/** By how much: the shop's money, or the carrier's own unit where only its balance differs. */
const amountOf = ({ amount, currency, mismatch }: OperatorCase): string =>
  amount === null
    ? `${mismatch?.carrierAmount ?? 0} carrier units`
    : `${formatDecimal(amount, currency)} ${currency}`

const saleOf = ({ topup }: OperatorCase): number | null => topup?.id ?? null

const list: Act<List> = async (settings, { state, merchant, limit, cursor, json }) => {
  const query = new URLSearchParams({ state, limit: String(limit), cursor: String(cursor) })
  if (merchant !== undefined) query.set('merchant', merchant)
  const cases = (await ask(settings, 'ledger', `${base}?${query.toString()}`, OperatorCases)) ?? []
  if (json) printJson(cases)
  else if (cases.length === 0) printLine('none')
  else {
    printTable(
      ['id', 'shop', 'sale', 'amount', 'opened', 'closed by'],
      cases.map((each) => [
        each.id,
        each.merchant,
        saleOf(each),
        amountOf(each),
        `${ageOf(each.openedAt)} ago`,
        each.closing?.by,
      ]),
    )
    if (cases.length === limit) printLine(`more: --cursor ${cursor + cases.length}`)
  }
  return cases.some(({ closing }) => closing === null) ? 1 : 0
}

const pathOf = (id: string): string => `${base}/${encodeURIComponent(id)}`

const show: Act<object> = async (settings, { json }, id = '') => {
  const found = await ask(settings, 'ledger', pathOf(id), OperatorCase)
  if (found === null) throw new Wrong(noSuch(id))
  if (json) printJson(found)
  else showCase(found)
  return found.closing === null ? 1 : 0
}

const noSuch = (id: string): string => `no case ${id}: cases list names them`

const showCase = (found: OperatorCase): void => {
  const { id, kind, merchant, openedAt, topup, mismatch, closing } = found
  printLine(`case ${id}: ${kind} of ${merchant}, ${amountOf(found)}, opened ${openedAt}`)
  if (topup !== null) {
    printLine(`sale ${topup.id} (${topup.topupId}), ${topup.operator}, ${topup.state}`)
  }
  if (mismatch !== null) {
    printLine(`between ${mismatch.from} and ${mismatch.to}, likely sales:`)
    printList(
      ['sale', 'id', 'operator', 'amount', 'state', 'asked for'],
      mismatch.likely.map((sale) => [
        sale.id,
        sale.topupId,
        sale.operator,
        `${formatDecimal(sale.amount, sale.currency)} ${sale.currency}`,
        sale.state,
        sale.requestedAt,
      ]),
    )
  }
  printLine(
    closing === null ? 'open' : `closed by ${closing.by} at ${closing.at}: ${closing.reason}`,
  )
}

type Close = { readonly by?: string; readonly reason: string }

const close: Act<Close> = async (settings, options, id = '') => {
  const by = personOf(settings, options.by)
  const reason = reasonOf(options.reason, 'say what explains the case')
  const request = { method: 'POST', body: { by, reason } } as const
  const closed = await ask(settings, 'ledger', `${pathOf(id)}/close`, OperatorCase, request)
  if (closed === null) throw new Wrong(noSuch(id))
  if (options.json) printJson(closed)
  else showCase(closed)
  return 0
}

export const caseCommands = (program: Command): void => {
  const group = program
    .command('cases')
    .description(
      'discrepancies between the books and the carrier: each stays open until a person closes it',
    )
  acts(
    group
      .command('list')
      .description('the oldest first; exit code 1 while one of them is open')
      .addOption(new Option('--state <state>').choices(caseStates).default('open'))
      .addOption(merchantOption('of this shop only'))
      .option(
        '--limit <count>',
        `of a page, at most ${pageSizeMax}`,
        wholeNumber(1, pageSizeMax),
        50,
      )
      .option('--cursor <count>', 'the page after so many cases', wholeNumber(0), 0)
      .addHelpText('after', examples('cases list', 'cases list --state all --merchant principal')),
    list,
  )
  acts(
    group
      .command('show')
      .description('one case with its sale, or with the sales that may explain it')
      .argument('<id>', 'of the case, or the id that a reconciliation named')
      .addHelpText('after', examples('cases show CASE')),
    show,
  )
  acts(
    group
      .command('close')
      .description('a person’s word that a case is explained or dealt with; it moves no money')
      .argument('<id>')
      .requiredOption('--reason <text>', 'what explains it; stays in the database for ever')
      .option('--by <name>', 'who closes it (OPS_BY); stays with it')
      .addHelpText(
        'after',
        examples('cases close CASE --reason "the carrier paid it back" --by "Ana Rojas"'),
      ),
    close,
  )
}
