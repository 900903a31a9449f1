import { formatDecimal, HeldSales, pageSizeMax, type TopupView } from '@recargas/contracts'
import { Argument, type Command } from 'commander'
import { z } from 'zod'
import { ask } from '@recargas/stack/reach/client'
import { acts, examples, merchantOption, type Act } from './command.ts'
import { administratorToken, personOf } from './person.ts'
import { wholeNumber } from '@recargas/stack/whole-number'
import { ageOf, fieldsOf, printJson, printLine, printList, printTable } from './print.ts'
import { findSale, type OfMerchant } from '@recargas/stack/reach/find-sale'
import { Wrong } from '@recargas/stack/reach/target'

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

const resolve: Act<Decision> = async (settings, options, id = '', result = '') => {
  const resultado = results[result as keyof typeof results]
  const by = personOf(settings, options.by)
  const token = administratorToken(settings, options.token, by, options.merchant)
  const answer = await ask(
    settings,
    'gateway',
    `/recargas/cliente/${encodeURIComponent(id)}/resolver`,
    z.looseObject({ estado: z.string() }),
    {
      method: 'POST',
      token,
      timeoutMs: 30_000,
      body: {
        resultado,
        evidencia: options.evidence,
        // The note names the actor, whom a shared token would hide.
        nota: `${options.note} (${by})`,
      },
    },
  )
  if (answer === null) throw new Wrong(`no sale ${id} in this shop (another: --merchant)`)
  if (options.json) printJson(answer)
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
}
