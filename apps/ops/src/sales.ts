import { formatDecimal, HeldSales, pageSizeMax, type TopupView } from '@recargas/contracts'
import { Argument, type Command } from 'commander'
import { z } from 'zod'
import { ask } from '@recargas/stack/reach/client'
import { acts, examples, merchantOption, type Act, type ExitCode } from './command.ts'
import { administratorToken, personOf } from './person.ts'
import { wholeNumber } from '@recargas/stack/given-value'
import { ageOf, fieldsOf, printJson, printLine, printList, printTable } from './print.ts'
import { findSale, type OfMerchant } from '@recargas/stack/reach/find-sale'
import { Wrong, type Settings } from '@recargas/stack/reach/target'

type Page = OfMerchant & { readonly limit: number }

const amountOf = ({ amount, currency }: TopupView): string =>
  `${formatDecimal(amount, currency)} ${currency}`

const sale: Act<OfMerchant> = async (settings, options, id = '') => {
  const found = await findSale(settings, options, id)
  if (options.json) {
    printJson(found)
    return 0
  }
  const { operator, number, state, topupId, sessionId, userId } = found
  printLine(
    `sale ${found.id} of ${found.merchant}: ${operator} ${number}, ${amountOf(found)}, ${state}`,
  )
  printLine(`id ${topupId}, session ${sessionId}, user ${userId}, asked for ${found.requestedAt}`)
  const steps = (found.timeline ?? []).map(({ at, step, ...rest }) => [at, step, fieldsOf(rest)])
  printTable(['at', 'step', 'detail'], steps)
  return 0
}

/** Sales with held money, of one shop or of all, oldest first. */
const held =
  (state: 'reserved' | 'in-review'): Act<Page> =>
  async (settings, { merchant, limit, json }) => {
    const query = new URLSearchParams({ state, limit: String(limit) })
    if (merchant !== undefined) query.set('merchant', merchant)
    const path = `/internal/held?${query.toString()}`
    const sales = (await ask(settings, 'ledger', path, HeldSales)) ?? []
    if (json) printJson(sales)
    else if (sales.length === 0) printLine('none')
    else {
      printList(
        ['shop', 'sale', 'id', 'operator', 'amount', 'waits', 'tries', 'last answer'],
        sales.map((each) => [
          each.merchant,
          each.id,
          each.topupId,
          each.operator,
          amountOf(each),
          ageOf(each.requestedAt),
          each.attempts?.length ?? 0,
          each.attempts?.at(-1)?.observed,
        ]),
      )
    }
    return 0
  }

type Decision = OfMerchant & {
  readonly evidence: string
  readonly note: string
  readonly by?: string
  readonly token?: string
}

const results = { authorized: 'AUTORIZADA', rejected: 'RECHAZADA' } as const

const resolve: Act<Decision> = (settings, options, id = '', result = '') => {
  const by = personOf(settings, options.by)
  return decide(settings, { ...options, by }, id, 'resolver', {
    resultado: results[result as keyof typeof results],
    evidencia: options.evidence,
    // A token names its holder; a shared one would hide the person.
    nota: `${options.note} (${by})`,
  })
}

type Confirmation = OfMerchant & {
  readonly code?: string
  readonly by?: string
  readonly token?: string
}

const confirm: Act<Confirmation> = (settings, options, id = '', result = '') =>
  decide(settings, { ...options, by: personOf(settings, options.by) }, id, 'confirmar', {
    resultado: results[result as keyof typeof results],
    ...(options.code === undefined ? {} : { codigo: options.code }),
  })

type Decider = OfMerchant & { readonly by: string; readonly token?: string; readonly json: boolean }

const decide = async (
  settings: Settings,
  { by, token, merchant, json }: Decider,
  id: string,
  action: 'resolver' | 'confirmar',
  body: object,
): Promise<ExitCode> => {
  const answer = await ask(
    settings,
    'gateway',
    `/recargas/cliente/${encodeURIComponent(id)}/${action}`,
    z.looseObject({ estado: z.string() }),
    {
      method: 'POST',
      token: administratorToken(settings, token, by, merchant),
      timeoutMs: 30_000,
      body,
    },
  )
  if (answer === null) throw new Wrong(`no sale ${id} in this shop (another: --merchant)`)
  if (json) printJson(answer)
  else printLine(`sale ${id}: ${answer.estado}`)
  return 0
}

const oneShop = 'the shop (DEFAULT_MERCHANT, else principal)'
const heldOptions = (command: Command): Command =>
  command
    .addOption(merchantOption('of this shop only'))
    .option(
      '--limit <count>',
      `at most so many, up to ${pageSizeMax}`,
      wholeNumber(1, pageSizeMax),
      50,
    )

export const saleCommands = (program: Command): void => {
  acts(
    program
      .command('sale')
      .description('one sale with everything that happened to it')
      .argument('<id>', 'its number, or its id_transaccion')
      .addOption(merchantOption(oneShop))
      .addHelpText(
        'after',
        examples('sale 17', 'sale 0b9d2a3e-6a35-4d77-9d5c-2f4f3f9e1a11 --json'),
      ),
    sale,
  )
  acts(
    heldOptions(program.command('pending'))
      .description(
        'sales whose money is held and which the carrier has not decided, the oldest first',
      )
      .addHelpText('after', examples('pending', 'pending --merchant principal --limit 500')),
    held('reserved'),
  )
  acts(
    heldOptions(program.command('review'))
      .description('sales that wait for a person, the oldest first')
      .addHelpText('after', examples('review')),
    held('in-review'),
  )
  acts(
    program
      .command('resolve')
      .description('settles a sale in review, by a person with evidence')
      .argument('<id>', 'its number, or its id_transaccion')
      .addArgument(new Argument('<result>', 'the truth').choices(Object.keys(results)))
      .requiredOption('--evidence <text>', 'what proves it: a ticket of the carrier’s')
      .requiredOption('--note <text>', 'why')
      .option('--by <name>', 'who decides (OPS_BY)')
      .option('--token <jwt>', 'of an Administrador (OPS_TOKEN); in development one is made')
      .addOption(merchantOption(oneShop))
      .addHelpText(
        'after',
        examples('resolve 17 rejected --evidence "ticket 4711" --note "by phone" --by "Ana Rojas"'),
      ),
    resolve,
  )
  acts(
    program
      .command('confirm')
      .description('says whether a sale was made that a person carries out on a phone or terminal')
      .argument('<id>', 'its number, or its id_transaccion')
      .addArgument(new Argument('<result>', 'the truth').choices(Object.keys(results)))
      .option('--code <text>', 'the code that the phone or terminal showed')
      .option('--by <name>', 'the person who says it (OPS_BY)')
      .option('--token <jwt>', 'of an Administrador (OPS_TOKEN); in development one is made')
      .addOption(merchantOption(oneShop))
      .addHelpText('after', examples('confirm 17 authorized --code 0041873 --by "Ana Rojas"')),
    confirm,
  )
}
