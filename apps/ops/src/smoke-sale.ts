import { InvalidArgumentError, type Command } from 'commander'
import { z } from 'zod'
import { wholeNumber } from '@recargas/stack/given-value'
import { ask } from '@recargas/stack/reach/client'
import { Wrong } from '@recargas/stack/reach/target'
import { acts, examples, type Act } from './command.ts'
import { tokenOf } from './person.ts'
import { printJson, printLine } from './print.ts'

type Order = {
  readonly operator: string
  readonly number: string
  readonly amount: number
  readonly user: number
  readonly key: string
  readonly token?: string
}

const Session = z.looseObject({ id: z.int() })
const Sold = z.looseObject({ estado: z.string(), id_transaccion: z.string() })

/** The gateway may take 25 s of waiting and what its servers take. */
const saleTimeoutMs = 40_000
const settlementSeconds = 20
const userMax = 2_147_483_647

/** Sells as a till does, and reads the sale back. The same key is the same sale, so that a check repeated spends nothing. */
const smokeSale: Act<Order> = async (settings, options) => {
  const { operator, number, amount, user, key, json } = options
  const token = tokenOf(settings, options.token, { userId: user, role: 'Operador' })
  const session = await ask(settings, 'gateway', `/cajas/sesion-activa/${user}`, Session, { token })
  if (session === null) throw new Wrong(`user ${user} has no open session: open a caja first`)
  const sold = await ask(settings, 'gateway', '/recargas/cliente', Sold, {
    method: 'POST',
    token,
    timeoutMs: saleTimeoutMs,
    // An equal sale of the previous check is no mistake of a cashier.
    headers: { 'idempotency-key': key, 'x-confirmar-duplicado': 'true' },
    body: {
      operadora: operator,
      numero_cliente: number,
      monto: amount,
      id_caja_sesion: session.id,
    },
  })
  if (sold === null) throw new Wrong('the gateway knows no sales: GATEWAY_URL is another address')
  const path = `/recargas/cliente/${sold.id_transaccion}?wait=${settlementSeconds}`
  const read = await ask(settings, 'gateway', path, Sold, { token, timeoutMs: saleTimeoutMs })
  const state = read?.estado ?? 'not there'
  if (state !== 'AUTORIZADA') throw new Wrong(`sale ${sold.id_transaccion} is ${state}`)
  if (json) printJson(read)
  else printLine(`sale ${sold.id_transaccion}: ${state}, and read back`)
  return 0
}

const amountPattern = /^\d{1,9}(\.\d{1,4})?$/
const amountOf = (text: string): number => {
  if (amountPattern.test(text)) return Number(text)
  throw new InvalidArgumentError('an amount such as 10.50')
}

export const smokeSaleCommand = (program: Command): void => {
  acts(
    program
      .command('smoke-sale')
      .description('sells one top-up of a shop of your own, as a till does, and reads it back')
      .requiredOption('--operator <name>', 'as the catalogue names it')
      .requiredOption('--number <digits>', 'phone number of your own')
      .requiredOption('--amount <amount>', 'in the shop’s currency', amountOf)
      .requiredOption('--user <id>', 'person whose open session sells', wholeNumber(1, userMax))
      .requiredOption('--key <text>', 'Idempotency-Key: the same key is the same sale')
      .option('--token <jwt>', 'of that person (OPS_TOKEN); in development one is made')
      .addHelpText(
        'after',
        examples('smoke-sale --operator Tigo --number 78945612 --amount 1 --user 2 --key monday'),
      ),
    smokeSale,
  )
}
