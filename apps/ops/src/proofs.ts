import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { SellingState } from '@recargas/contracts'
import type { Command } from 'commander'
import { z } from 'zod'
import { repository } from '@recargas/stack/service-process'
import { ask } from '@recargas/stack/reach/client'
import { acts, examples, type Act, type ExitCode } from './command.ts'
import { personOf, reasonOf } from './person.ts'
import { printJson, printLine } from './print.ts'
import { CannotRun, type Settings } from '@recargas/stack/reach/target'
import { terminal } from '@recargas/stack/reach/terminal'

const programs = {
  verify: 'services/ledger/dist/audit/main.js',
  reconcile: 'services/ledger/dist/reconcile/main.js',
  rebuild: 'services/ledger/dist/rebuild/main.js',
} as const

type Run = { readonly code: number; readonly output: string }

/** Runs one of the ledger's own tools; its messages for people are passed on. */
export const runTool = (
  tool: keyof typeof programs,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  signal?: AbortSignal,
): Promise<Run> =>
  new Promise((resolve, reject) => {
    const program = `${repository}${programs[tool]}`
    if (!existsSync(program)) {
      throw new CannotRun(`${tool} is a program of the ledger, which is not built: npm run build`)
    }
    const { environment, err } = terminal()
    // A program refuses a setting that is given as NAME and as NAME_FILE.
    const dropped = new Set(['NODE_OPTIONS', ...Object.keys(env).map((name) => `${name}_FILE`)])
    const inherited = Object.entries(environment).filter(([name]) => !dropped.has(name))
    const child = spawn(process.execPath, [program, ...args], {
      env: { ...Object.fromEntries(inherited), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(signal === undefined ? {} : { signal }),
    })
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
    child.stderr.setEncoding('utf8').on('data', err)
    child.once('error', reject)
    child.once('close', (code) => resolve({ code: code ?? 2, output }))
  })

const Proof = z.looseObject({ found: z.int() })

/** The same proof as `npm run verify`. */
export const verifyLedger = async (
  uri: string,
  signal?: AbortSignal,
): Promise<{ readonly found: number }> => {
  const { code, output } = await runTool('verify', ['--json'], { MONGODB_URI: uri }, signal)
  if (code > 1) throw new CannotRun('the ledger could not be verified')
  return Proof.parse(JSON.parse(output))
}

const passOn = ({ code, output }: Run): ExitCode => {
  terminal().out(output)
  if (code > 1) throw new CannotRun('no answer: see the output above')
  return code === 0 ? 0 : 1
}

export const asked = (json: boolean): readonly string[] => (json ? ['--json'] : [])

const verify: Act<{ readonly ledgerUri?: string }> = async (settings, { json, ledgerUri }) => {
  const uri = ledgerUri ?? settings.need('LEDGER_MONGODB_URI')
  return passOn(await runTool('verify', asked(json), { MONGODB_URI: uri }))
}

const reconcile: Act<object> = async (settings: Settings, { json }) =>
  passOn(
    await runTool('reconcile', asked(json), {
      LEDGER_URL: settings.need('LEDGER_URL'),
      SERVICE_TOKEN: settings.need('SERVICE_TOKEN'),
    }),
  )

const showSelling = (state: SellingState | null, json: boolean): ExitCode => {
  if (json) printJson(state)
  else printLine(state?.open ? 'sales are open' : `sales are frozen: ${state?.reason ?? 'unknown'}`)
  return state?.open ? 0 : 1
}

const selling: Act<object> = async (settings, { json }) =>
  showSelling(await ask(settings, 'ledger', '/internal/selling', SellingState), json)

type Accept = { readonly by?: string; readonly reason: string }

const accept: Act<Accept> = async (settings, options) => {
  const by = personOf(settings, options.by)
  const reason = reasonOf(options.reason, 'say why sales may be taken')
  const request = { method: 'POST', body: { by, reason } } as const
  const state = await ask(settings, 'ledger', '/internal/selling/accept', SellingState, request)
  return showSelling(state, options.json)
}

export const proofCommands = (program: Command): void => {
  acts(
    program
      .command('verify')
      .description('replays the log and compares everything that follows from it')
      .option('--ledger-uri <uri>', 'the ledger’s database (LEDGER_MONGODB_URI)')
      .addHelpText('after', examples('verify')),
    verify,
  )
  acts(
    program
      .command('reconcile')
      .description('compares the carrier’s balance with what was sold; a difference opens a case')
      .addHelpText('after', examples('reconcile')),
    reconcile,
  )
  const group = program
    .command('selling')
    .description('whether sales are taken: after a restore not before a reconciliation')
  acts(
    group
      .command('show', { isDefault: true })
      .description('open or not, and why not')
      .addHelpText('after', examples('selling')),
    selling,
  )
  acts(
    group
      .command('accept')
      .description('takes sales again though no reconciliation was clean: a person answers for it')
      .requiredOption('--reason <text>', 'why; stays in the database')
      .option('--by <name>', 'who (OPS_BY)')
      .addHelpText(
        'after',
        examples('selling accept --reason "the lost sale is booked" --by "Ana Rojas"'),
      ),
    accept,
  )
}
