import { execFile, spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { ledgerQueue } from '@recargas/contracts'
import { stackSecretsFile } from '@recargas/runtime'
import { connect } from 'amqplib'
import { runOps } from '@recargas/ops/program'
import { exampleRules } from '@recargas/check/documents/examples'
import { commandsOf, wordsOf } from '@recargas/check/documents/collect-examples'
import { keepAddresses } from '@recargas/stack/development-values'
import { repository } from '@recargas/stack/service-process'
import { createPos, tokenFor } from '../till/pos.ts'
import { eventually, expectStatus, newNumber, openShop, type Shop } from '../till/shop.ts'
import { openTestStack, type TestStack } from './test-stack.ts'

/** This stack's values for the placeholders of an example. */
type Values = {
  readonly saleNumber: string
  readonly saleId: string
  readonly reviewNumber: string
  readonly caseId: string
  readonly messageId: string
  readonly discardedId: string
}

let stack: TestStack
let shop: Shop
let values: Values
let backups: string
let environment: Readonly<Record<string, string | undefined>>
beforeAll(async () => {
  backups = await mkdtemp(join(tmpdir(), 'recargas-examples-'))
  stack = await openTestStack('examples', {
    env: {
      ledger: { RECONCILE_EVERY_MS: '600000' },
      adapter: {
        TOPUP_REPEAT_SECONDS: '0.3,0.6',
        TPAGA_CALL_TIMEOUT_MS: '2000',
        TPAGA_CONNECT_TIMEOUT_MS: '2000',
        BREAKER_VOLUME: '1000',
      },
      gateway: { RESOLVE_FOUR_EYES: 'false' },
    },
  })
  environment = await writtenDown()
  await openSessionOfTheExamples()
  shop = await openShop(stack.gateway)
  values = await makeValues()
}, 120_000)
afterAll(async () => {
  const proof = await stack.close()
  await rm(backups, { recursive: true, force: true })
  expect(proof).toMatchObject({ findings: [], debitedTwice: 0 })
}, 60_000)

/** Writes down where the stack is, as `npm start` does: the examples name no addresses. */
const writtenDown = async () => {
  const folder = dirname(stack.traces.logFolder)
  keepAddresses(folder, {
    GATEWAY_URL: stack.gateway.url(),
    LEDGER_URL: stack.ledger.url,
    ADAPTER_URL: stack.adapterUrl,
    LEDGER_MONGODB_URI: stack.administration.ledger,
    ADAPTER_MONGODB_URI: stack.administration.adapter,
    AUDIT_MONGODB_URI: stack.auditUri,
    AMQP_URL: stack.traces.amqpUrl,
  })
  const secrets = { JWT_SECRET: stack.gateway.jwtSecret, SERVICE_TOKEN: stack.ledger.serviceToken }
  const lines = Object.entries(secrets).map(([name, value]) => `${name}=${value}\n`)
  await writeFile(stackSecretsFile(folder), lines.join(''), { mode: 0o600 })
  const { PATH, HOME } = process.env
  return { PATH, HOME, NO_COLOR: '1', INIT_CWD: repository, STACK_DIR: folder }
}

/** The examples sell as user 2 in session 1: the first one that a stack opens. */
const openSessionOfTheExamples = async (): Promise<void> => {
  const token = tokenFor(stack.gateway.jwtSecret, { user: 1, role: 'Administrador' })
  const administrator = createPos(stack.gateway.url, token)
  const caja = { nombre: 'Caja 2', especialidad: 'MIXTA', saldo: 500 }
  const { body } = await expectStatus(201, administrator.post('/cajas', caja))
  const session = { id_caja: Number(body['id']), id_usuario: 2 }
  const opened = await expectStatus(201, administrator.post('/cajas/abrir', session))
  expect(opened.body['id']).toBe(1)
}

const internal = async <Answer>(path: string, method = 'GET'): Promise<Answer> => {
  const headers = { authorization: `Bearer ${stack.ledger.serviceToken}` }
  const response = await fetch(`${stack.ledger.url}/internal${path}`, { method, headers })
  return (await response.json()) as Answer
}

const makeValues = async (): Promise<Values> => {
  // The request id that an example looks for in the logs.
  const request = { 'x-request-id': 'pos-7-000123' }
  const sold = await expectStatus(201, shop.sell(newNumber(), 5, request))
  const saleId = String(sold.body['id_transaccion'])
  const pending = await expectStatus(202, shop.sell('3110002222', 5, { prefer: 'wait=0' }))
  const path = `/recargas/cliente/${String(pending.body['id_transaccion'])}`
  const [inReview, caseId, [messageId, discardedId]] = await Promise.all([
    eventually(
      () => shop.administrator.get(path),
      ({ body }) => body['estado'] === 'EN_REVISION',
    ),
    openCase(),
    quarantinedMessages(),
  ])
  return {
    saleNumber: String(sold.body['id']),
    saleId,
    reviewNumber: String(inReview.body['id']),
    caseId,
    messageId,
    discardedId,
  }
}

/** The carrier took money without a sale: a case stays open until a person closes it. */
const openCase = async (): Promise<string> => {
  const reconcile = () => internal<{ status?: string; caseId?: string }>('/reconciliations', 'POST')
  await eventually(reconcile, ({ status }) => status !== undefined)
  await stack.moveCarrierBalance(-1_234)
  const { caseId } = await eventually(reconcile, (report) => report.caseId !== undefined)
  return String(caseId)
}

/** Two unreadable messages. */
const quarantinedMessages = async (): Promise<readonly [string, string]> => {
  const connection = await connect(stack.traces.amqpUrl)
  const channel = await connection.createConfirmChannel()
  let messages: readonly { readonly id: string }[] = []
  // In sequence, so that the first waiting message is the first sent.
  for (const [index, messageId] of ['example-1', 'example-2'].entries()) {
    channel.sendToQueue(ledgerQueue(0), Buffer.from('{}'), { messageId, persistent: true })
    await channel.waitForConfirms()
    const page = await eventually(
      () => internal<{ messages: readonly { id: string }[] }>('/quarantine?state=waiting&limit=10'),
      (found) => found.messages.length === index + 1,
    )
    messages = page.messages
  }
  await connection.close()
  const [first, second] = messages
  return [String(first?.id), String(second?.id)]
}

/** The example with this stack's values in the place of the printed ones. */
const filledIn = (command: string): string =>
  command
    .replace('CASE', values.caseId)
    .replace('discard ID', `discard ${values.discardedId}`)
    .replace(/(quarantine \w+) ID/, `$1 ${values.messageId}`)
    .replace(/\bID\b|0b9d2a3e-6a35-4d77-9d5c-2f4f3f9e1a11/, values.saleId)
    .replace('resolve 17', `resolve ${values.reviewNumber}`)
    .replace(/(sale|--correlation) 17/, `$1 ${values.saleNumber}`)
    .replace('/backups/', `${backups}/`)
    .replace('localhost:3000', new URL(stack.gateway.url()).host)
    // Two pages print the same sale; a second one would be a suspected duplicate.
    .replace(/(?<before>X-Request-Id.*)78945612/, '$<before>78945613')

type Ended = { readonly exitCode: number; readonly output: string }

/** A line as a shell runs it, in this checkout. */
const inShell = (line: string): Promise<Ended> =>
  new Promise((resolve) => {
    const options = { cwd: repository, env: environment, timeout: 60_000 }
    execFile('bash', ['-c', line], options, (error, stdout, stderr) => {
      resolve({ exitCode: error === null ? 0 : Number(error.code), output: stdout + stderr })
    })
  })

const inProcess = async (args: readonly string[]): Promise<Ended> => {
  let output = ''
  const say = (text: string) => (output += text)
  const exitCode = await runOps(args, { environment, out: say, err: say })
  return { exitCode, output }
}

const tokenLine = 'TOKEN=$(npm run --silent token -- --role Operador --user 2)'

const runExample = (command: string): Promise<Ended> => {
  const line = filledIn(command)
  const ofOps = /^npm run ops -- (.*)$/.exec(line)?.[1]
  // Most examples are of this tool, and one start of it by npm is shown by `npm run ops`.
  if (ofOps !== undefined) return inProcess(wordsOf(ofOps))
  if (command === tokenLine) return inShell(`${line} && echo "$TOKEN"`)
  return inShell(line.includes('$TOKEN') ? `${tokenLine}\n${line}` : line)
}

const uuid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'
const time = String.raw`\d{4}-\d\d-\d\dT[\d:.]+Z`
/** A pattern in which «id», «time» and «age» stand for values that differ from run to run; cells may be of any width. */
const says = (text: string): RegExp => {
  const pattern = text
    .replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll('«id»', uuid)
    .replaceAll('«time»', time)
    .replaceAll('«age»', String.raw`\d+ (?:s|min)`)
    .replaceAll('«message»', '[0-9a-f]{32}')
    .replaceAll('«n»', String.raw`[\d.]+`)
    .replaceAll('…', String.raw`[\s\S]*`)
    .replaceAll(/ +/g, ' +')
  return new RegExp(`^${pattern}$`)
}

const jwt = /^[\w-]+\.[\w-]+\.[\w-]+\n$/
const sold = says('HTTP/1.1 201 Created…"estado":"AUTORIZADA"…')
const proven = says(
  '…«n» entries, «n» lines, «n» sales committed, «n» refusals by time not replayable: 0 findings («n» s, «n» lines/s)\n',
)
const reconciled = says(
  '…run «n»: …difference 0…1 differences are open until a person closes them: npm run ops -- cases list\n',
)
const logged = says(
  '…ledger info entry written entry=reserve…api-gateway info request…status=201…⟨pos-7-000123⟩\n',
)
const help = says('…Usage: ops [options] [command]…Exit code: 0 all well…Examples:…')
const status = says(
  '…│ ✓ │ gateway broker │ ready │…│ ✓ │ versions │…│ ✓ │ selling │ open │…│ ✓ │ tpaga top-ups │ breaker closed │…│ ✗ │ in review │ 1, the oldest for «age»: npm run ops -- review │…│ ✗ │ open cases │ 1 carrier-balance-differs: npm run ops -- cases list │…│ ✓ │ retired cajas │ none holds money │…│ ✗ │ quarantine │ 2 messages wait: npm run ops -- quarantine list │…│ ✓ │ reconciliation │ run «n»: …',
)
const sale = says(
  'sale «n» of principal: Tigo «n», 5.00 BOB, committed\nid «id», session «n», user «n», asked for «time»\n…requested…reserved…attempt…observed="200 authorized"…committed…',
)
const catalogue = says(
  'principal: BOB, …\nbogota: COP, …\ncatalogue.json is good: a running gateway takes it within 5 s\n',
)
const none = says('none\n')
const operators = says(
  '…│ operator │ sells │ float │ reserved │ low │ lasts (min) │ reason │…│ Tigo │ yes │ «n» │ 5.00 │ no │ «n» │ - │…│ Viva │ yes │ - │…',
)
const openCases = says(
  '…│ id │ shop │ sale │ amount │ opened │ closed by │…│ «id»:carrier-balance-differs │ principal │ - │ «n» carrier units │ «age» ago │ - │…',
)
const backup = says(
  '…│ database │ as of │ collections │ documents │ bytes │…│ adapter │ «time» │ «n» │ «n» │ «n» │…│ ledger │ «time» │ «n» │ «n» │ «n» │\n│ blocks │ «time» │ «n» │ «n» │ «n» │…recovery point «time»: what was sold later is not in …\n',
)
const nothingFailed = '0 messages, 0 left'

const released = says(
  '…## …Tag: v…org.opencontainers.image.version=…Dry run: nothing was changed.…',
)

/** The expected output of each example, in order of execution: those that settle something come last. */
const expected: Readonly<Record<string, RegExp>> = {
  'npm start -- --help': says(
    '…Starts everything on this machine: …Examples:…npm start -- --help…',
  ),
  [tokenLine]: jwt,
  'npm run --silent token -- --role Operador --user 2': jwt,
  'npm run --silent token -- --merchant bogota --ttl 30m': jwt,
  'npm run release -- --dry-run': released,
  'npm run release -- --dry-run --bump patch': released,
  'npm run verify': proven,
  'npm run reconcile': reconciled,
  'npm run --silent logs -- --correlation ID': logged,
  'npm run --silent logs -- --correlation 17': logged,
  'npm run --silent logs -- --correlation pos-7-000123': logged,
  'npm run ops -- smoke-sale --operator Tigo --number 78945612 --amount 1 --user 2 --key monday':
    says('sale «id»: AUTORIZADA, and read back\n'),
  'npm run ops': help,
  'npm run ops -- --help': help,
  'npm run lab -- --help': says('…Usage: npm run lab -- [options] [command]…crash-matrix…'),
  'npm run ops -- confirm --help': says('…Usage: ops confirm [options] <id> <result>…'),
  'npm run ops -- status': status,
  'npm run ops -- status --json': says(
    '{"well":false,"findings":[{"what":"gateway broker","well":true,"says":"ready"},…]}\n',
  ),
  'npm run ops -- sale 17': sale,
  'npm run ops -- sale ID': sale,
  'npm run ops -- sale 0b9d2a3e-6a35-4d77-9d5c-2f4f3f9e1a11 --json': says(
    '{"topupId":"«id»","id":«n»,"merchant":"principal",…"state":"committed",…}\n',
  ),
  'npm run ops -- pending': none,
  'npm run ops -- pending --merchant principal --limit 500': none,
  'npm run ops -- review': says(
    '…│ shop │ sale │ id │ operator │ amount │ waits │ tries │ last answer │…│ principal │ «n» │ «id» │ Tigo │ 5.00 BOB │ «age» │ «n» │…',
  ),
  'npm run ops -- breaker': says(
    '…│ sells │ breaker │ available │ reason │…│ tpaga top-ups │ closed │ yes │ - │\n│ tpaga bundles │ closed │ yes │ - │…',
  ),
  'npm run ops -- operators': operators,
  'npm run ops -- operators --merchant principal': operators,
  'npm run ops -- operators --merchant bogota': says(
    '…│ operator │ sells │ float │…│ Movistar │ yes │ - │…',
  ),
  'npm run ops -- catalogue check': catalogue,
  'npm run ops -- catalogue check catalogue.json': catalogue,
  'npm run ops -- cajas': none,
  'npm run ops -- cajas --json': says('[]\n'),
  'npm run ops -- cases list': openCases,
  'npm run ops -- cases list --state all --merchant principal': openCases,
  'npm run ops -- cases show CASE': says(
    'case «id»:carrier-balance-differs: carrier-balance-differs of principal, «n» carrier units, opened «time»\nbetween «time» and «time», likely sales:\n…open\n',
  ),
  'npm run ops -- quarantine list': says(
    '…│ cause │ type │ queue │ messages │ oldest │ newest │…│ INVALID │ │ ledger.0.v1 │ 2 │ «age» │ «age» │…',
  ),
  'npm run ops -- quarantine list --messages --cause INVALID': says(
    '…│ id │ cause │ type │ queue │ came │ tries │ detail │…│ «message» │ INVALID │ │ ledger.0.v1 │ «age» │ 1 │ …',
  ),
  'npm run ops -- quarantine show ID': says(
    '…│ id │ «message» │…│ state │ waiting │…│ messageId │ example-1 │…│ last-error-code │ INVALID │…\n{}\n',
  ),
  'npm run ops -- quarantine show ID --json': says(
    '{"id":"«message»","state":"waiting","cause":"INVALID",…}\n',
  ),
  'npm run ops -- quarantine replay --cause HANDLER_FAILED --dry-run --by "Ana Rojas"': says(
    `${nothingFailed} (dry run)\n`,
  ),
  'npm run ops -- quarantine replay --cause HANDLER_FAILED --rate 20 --by "Ana Rojas"': says(
    `${nothingFailed}\n`,
  ),
  'npm run ops -- verify': proven,
  'npm run ops -- reconcile': reconciled,
  'npm run ops -- selling': says('sales are open\n'),
  'npm run ops -- backup /backups/monday': backup,
  'npm run ops -- backup /backups/2026-11-21': backup,
  'curl -i localhost:3000/recargas/cliente -H "authorization: Bearer $TOKEN" -H \'content-type: application/json\' -d \'{"operadora":"Tigo","numero_cliente":"78945612","monto":10.5,"id_caja_sesion":1}\'':
    sold,
  'curl -i localhost:3000/recargas/cliente -H "Authorization: Bearer $TOKEN" -H \'Content-Type: application/json\' -H "Idempotency-Key: $(cat /proc/sys/kernel/random/uuid)" -H \'X-Request-Id: caja1-000123\' -d \'{"operadora":"Tigo","numero_cliente":"78945612","monto":10.5,"id_caja_sesion":1}\'':
    sold,
  'npm run ops -- selling accept --reason "the lost sale is booked" --by "Ana Rojas"':
    says('sales are open\n'),
  'npm run ops -- resolve 17 rejected --evidence "ticket 4711" --note "by phone" --by "Ana Rojas"':
    says('sale «n»: RECHAZADA\n'),
  'npm run ops -- cases close CASE --reason "the carrier paid it back" --by "Ana Rojas"': says(
    'case «id»:carrier-balance-differs…closed by Ana Rojas at «time»: the carrier paid it back\n',
  ),
  'npm run ops -- quarantine replay ID --by "Ana Rojas"': says(
    '…│ id │ type │ queue │ outcome │ note │…│ «message» │…1 messages, 0 left\n',
  ),
  'npm run ops -- quarantine discard ID --reason "sent by a test" --by "Ana Rojas"': says(
    '…│ id │ type │ queue │ outcome │ note │…│ «message» │…1 messages, 0 left\n',
  ),
}

const toRun = Object.entries(exampleRules).flatMap(([command, rule]) =>
  rule.kind === 'run' ? [{ command, exitCode: rule.exitCode }] : [],
)

it('every example that the list marks as run has its output here', () => {
  expect(Object.keys(expected).sort()).toEqual(toRun.map(({ command }) => command).sort())
})

const hasCurl = spawnSync('curl', ['--version']).error === undefined
const needsCurl = Object.entries(expected).filter(([command]) => command.startsWith('curl '))
if (!hasCurl) it.skip.each(needsCurl)('%s (there is no curl)', () => undefined)

it.each(Object.entries(expected).filter(([command]) => hasCurl || !command.startsWith('curl ')))(
  '%s',
  async (command, output) => {
    const rule = toRun.find((each) => each.command === command)
    const ended = await runExample(command)
    expect(ended).toEqual({ exitCode: rule?.exitCode, output: expect.stringMatching(output) })
  },
  60_000,
)

const tutorialUsers = [
  { name: 'ADMIN', user: 1, role: 'Administrador' },
  { name: 'TOKEN', user: 3, role: 'Operador' },
] as const

it('the steps of docs/first-sale.md open a caja, sell, inject, count and close', async () => {
  const tokens = tutorialUsers.map(
    ({ name, ...person }) => `${name}=${tokenFor(stack.gateway.jwtSecret, person)}`,
  )
  const answers: unknown[] = []
  const idOf = (step: number) => String((answers[step] as { readonly id?: number } | undefined)?.id)
  for (const step of commandsOf('docs/first-sale.md').filter((line) => line.startsWith('curl '))) {
    const line = step
      .replace('localhost:3000', new URL(stack.gateway.url()).host)
      .replace('"id_caja":3', `"id_caja":${idOf(0)}`)
      .replace(/(?<before>"id_(?:caja_sesion|sesion_caja)":|sesion\/)2/, `$<before>${idOf(1)}`)
    // curl reports its progress on standard error.
    const { output } = await inShell([...tokens, `${line} 2>/dev/null`].join('\n'))
    answers.push(JSON.parse(output.split('\r\n\r\n').at(-1) ?? ''))
  }
  const [caja, opened, , before, sale, refused, injected, after, , balance, closed, arqueo] =
    answers
  expect([caja, opened, sale, refused, injected, closed, arqueo]).toMatchObject([
    { nombre: 'Mostrador', saldo: '500.00' },
    { estado_sesion: 'ABIERTA', diferencia_apertura: 0 },
    { estado: 'AUTORIZADA', monto: 10.5 },
    { code: 'CARRIER_REJECTED' },
    { operadora_destino: 'Tigo', monto: 200 },
    { estado_sesion: 'CERRADA', cuadre: { esperado: 305.5, contado: 305, diferencia: -0.5 } },
    { ventas: { cantidad: 1 }, inyecciones: { cantidad: 1 }, egresos: { cantidad: 1 } },
  ])
  expect(balance).toBe(305.5)
  const floatOf = (floats: unknown) =>
    Number(
      (floats as readonly { nombre_operadora: string; saldo_actual: string }[]).find(
        ({ nombre_operadora }) => nombre_operadora === 'Tigo',
      )?.saldo_actual,
    )
  expect(floatOf(after) - floatOf(before)).toBeCloseTo(189.5)
})
