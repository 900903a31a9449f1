import { readFileSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { openTestStack, type TestStack } from '../../../lab/src/e2e/test-stack.ts'
import { tokenFor } from '../../../lab/src/till/pos.ts'
import {
  eventually,
  expectStatus,
  newNumber,
  openShop,
  type Shop,
} from '../../../lab/src/till/shop.ts'
import {
  describeInChromium,
  isScrolledSideways,
  launch,
  longestTaskDuring,
  openPage,
  scrollToEnd,
  smallPhone,
  unexpectedOf,
  violationsOn,
  type WatchedPage,
} from './browser.ts'
import { button, loseFirst, refuse } from './on-screen.ts'

const many = 5_000

/** The page of so many sales after a cursor, as the gateway answers it. */
const manySales = (cursor: number, pageSize: number) => {
  const at = '2026-11-28T10:00:00.000Z'
  const rows = Array.from({ length: Math.min(pageSize, cursor - 1) }, (_, index) => ({
    ...{ id_user_create: 2, id_user_update: null, created_at: at, updated_at: at },
    ...{ fecha_hora: at, id_caja_sesion: 1, codigo: null, paquete: null, caja_sesion: null },
    id: cursor - 1 - index,
    id_transaccion: `01890a5d-ac96-774b-bcce-${String(cursor - 1 - index).padStart(12, '0')}`,
    estado: 'AUTORIZADA',
    operadora: 'Tigo',
    numero_cliente: '78945612',
    monto: '10.00',
  }))
  const last = cursor - rows.length
  const path = '/recargas/historial/clientes'
  return {
    json: rows,
    headers: {
      'x-total-count': String(many),
      ...(last > 1 ? { link: `<${path}?cursor=${last}>; rel="next"` } : {}),
    },
  }
}

/** The carrier answers 502 for it and never tells what became of the sale. */
const neverAnswered = '3110002222'

describeInChromium('The screens of an owner, in Chromium', () => {
  let stack: TestStack
  let shop: Shop
  let browser: Browser
  let context: BrowserContext
  let opened: WatchedPage[] = []
  let expected: readonly RegExp[] = []

  beforeAll(async () => {
    const env = {
      adapter: {
        TOPUP_REPEAT_SECONDS: '0.3,0.6',
        TPAGA_CALL_TIMEOUT_MS: '2000',
        TPAGA_CONNECT_TIMEOUT_MS: '2000',
        BREAKER_VOLUME: '1000',
      },
      gateway: { RESOLVE_FOUR_EYES: 'true' },
      ledger: { RECONCILE_EVERY_MS: '600000' },
    }
    stack = await openTestStack('owner', { env })
    browser = await launch()
    shop = await openShop(stack.gateway, { float: 400 })
    // The first run only keeps the balance that later ones compare with.
    await stack.firstReconciliation()
  }, 120_000)
  beforeEach(async () => {
    context = await browser.newContext({ viewport: smallPhone })
    opened = []
    expected = []
  })
  afterEach(async () => {
    const faults = opened.flatMap((each) => each.faults)
    await context.close()
    expect(unexpectedOf(faults, expected)).toEqual([])
  })
  afterAll(async () => {
    await browser.close()
    expect(await stack.close()).toMatchObject({ findings: [], debitedTwice: 0 })
  }, 60_000)

  const reconcile = async (): Promise<unknown> => {
    const { url, serviceToken } = stack.ledger
    const headers = { authorization: `Bearer ${serviceToken}` }
    const ask = () => fetch(`${url}/internal/reconciliations`, { method: 'POST', headers })
    const answer = await eventually(ask, ({ status }) => status === 200)
    return answer.json()
  }

  const openScreen = async (screen: string, user = 1): Promise<Page> => {
    const token = tokenFor(stack.gateway.jwtSecret, { user, role: 'Administrador' })
    const watched = await openPage(context, stack.gateway.url(), token)
    opened.push(watched)
    await watched.page.getByRole('navigation').getByRole('link', { name: screen }).click()
    await watched.page.getByRole('heading', { name: screen, level: 1 }).waitFor()
    return watched.page
  }
  const fill = (page: Page, name: string, text: string) =>
    page.getByRole('textbox', { name, exact: true }).fill(text)
  const isSound = async (page: Page) => {
    expect([await violationsOn(page), await isScrolledSideways(page)]).toEqual([[], false])
  }

  it('Revisión shows the carrier’s answers and settles a sale once two persons decide the same', async () => {
    expected = [/403/]
    const asked = { prefer: 'wait=0', 'x-confirmar-duplicado': 'true' }
    await expectStatus(202, shop.sell(neverAnswered, 5, asked))
    const page = await openScreen('Revisión')
    const sales = page.getByRole('list', { name: /^Ventas que esperan/ })
    await sales.getByText('Envío n.º 1 a la operadora').waitFor()
    await sales.getByText('502').first().waitFor()
    await isSound(page)

    await button(page, 'Decidir')
    await page.getByText('Elija Autorizada o Rechazada.').waitFor()
    await button(page, 'Autorizada')
    await fill(page, 'Evidencia', '<script>alert(1)</script>')
    await fill(page, 'Nota', 'por teléfono')
    await button(page, 'Decidir')
    const outcome = page.getByRole('status', { name: 'Última decisión' })
    await outcome.getByText('falta que otro administrador').waitFor()
    await sales.getByText('Evidencia: <script>alert(1)</script>').waitFor()
    await button(page, 'Autorizada')
    await fill(page, 'Evidencia', 'ticket 4711')
    await fill(page, 'Nota', 'otra vez')
    await button(page, 'Decidir')
    await page.getByRole('alert').getByText('otro').waitFor()

    const second = await openScreen('Revisión', 2)
    await second.getByText('Cuenta cuando otra persona').waitFor()
    await button(second, 'Autorizada')
    await fill(second, 'Evidencia', 'ticket 4711')
    await fill(second, 'Nota', 'visto')
    await button(second, 'Decidir')
    await second.getByText('la venta quedó Autorizada').waitFor()
    await second.getByText('No hay ventas en revisión.').waitFor()
    await page.getByText('No hay ventas en revisión.').waitFor()
    expect(await shop.drawer()).toBe('105.00')
  }, 60_000)

  it('Incidencias closes a case with a note, and records a recharge once', async () => {
    expected = [/503/, /ERR_FAILED/]
    await stack.moveCarrierBalance(-1_234)
    expect(await reconcile()).toMatchObject({ status: 'different' })
    await eventually(
      () => shop.administrator.get('/incidencias'),
      ({ list }) => list.length > 0,
    )
    const page = await openScreen('Incidencias')
    const open = page.getByRole('list', { name: 'Incidencias abiertas' })
    await open.getByText('El saldo con el proveedor no coincide').waitFor()
    await isSound(page)
    await button(page, 'Cerrar incidencia')
    await page.getByText('Escriba una nota de tres letras o más.').waitFor()
    await refuse(page, '**/cerrar', 503)
    await fill(page, 'Nota', 'El proveedor <b>cobró</b> de más.')
    await button(page, 'Cerrar incidencia')
    await open.getByText('Más tarde.').waitFor()
    await page.unroute('**/cerrar')
    await button(page, 'Cerrar incidencia')
    await page.getByText('No hay incidencias abiertas.').waitFor()
    await page.getByText('Cerradas: 1').click()
    await page.getByText('El proveedor <b>cobró</b> de más.').waitFor()

    const { keys, goOn } = await loseFirst(page, '**/recargas/proveedor', 'answer')
    await fill(page, 'Unidades del proveedor', '-5')
    await button(page, 'Registrar recarga')
    await page.getByText('un número entero mayor que cero').waitFor()
    await fill(page, 'Unidades del proveedor', '500000')
    await fill(page, 'Referencia del pago', 'transferencia 4711')
    await button(page, 'Registrar recarga')
    await page.getByText('No se sabe todavía').waitFor()
    goOn()
    await page.getByText('Hecho: Recarga del saldo con el proveedor.').waitFor()
    expect([keys.length, new Set(keys).size]).toEqual([2, 1])
    await isSound(page)
  }, 60_000)

  it('Ventas finds a sale by its number, shows it with its receipt, and saves sheets', async () => {
    expected = [/503/]
    const number = newNumber()
    await expectStatus(201, shop.sell(number, 7))
    await expectStatus(201, shop.sell(newNumber(), 0.3))
    const page = await openScreen('Ventas')
    const saved = async (name: string) => {
      const [download] = await Promise.all([page.waitForEvent('download'), button(page, name)])
      return readFileSync(await download.path(), 'utf8')
    }
    await fill(page, 'Número', 'siete')
    await button(page, 'Buscar')
    await page.getByText('Escriba el número entero de teléfono').waitFor()
    await fill(page, 'Número', `${number.slice(0, 4)} ${number.slice(4)}`)
    await button(page, 'Buscar')
    await page.getByRole('heading', { name: '1 de 1 ventas' }).waitFor()
    await isSound(page)
    const sheet = await saved('CSV')
    expect([sheet.includes(number), sheet.trim().split('\n').length]).toEqual([true, 2])
    await button(page, 'Arqueo CSV')
    await page.getByText('Escriba la sesión cuyo arqueo quiere.').waitFor()

    await page.getByRole('button', { name: /^Ver la venta/ }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('list', { name: 'Historia' }).getByText('Autorizada').waitFor()
    await dialog.getByRole('button', { name: 'Comprobante' }).click()
    await dialog.getByRole('region', { name: 'Comprobante' }).getByText('7.00').waitFor()
    await isSound(page)
    expect(await saved(`Arqueo CSV de la sesión n.º ${shop.sessionId}`)).toContain('ventas')
    await dialog.getByRole('button', { name: 'Cerrar' }).click()
    await dialog.waitFor({ state: 'hidden' })

    await refuse(page, '**/recargas/historial/clientes?*', 503)
    await button(page, 'Quitar filtros')
    await page.getByText('Más tarde.').waitFor()
    await page.unroute('**/recargas/historial/clientes?*')
    await button(page, 'Buscar')
    await page.getByText(number.slice(0, 4)).first().waitFor()
  }, 60_000)

  const longestTaskOfScrolling = async (): Promise<number | null> => {
    const page = await openScreen('Ventas')
    await page.route('**/recargas/historial/clientes?*', (route) => {
      const asked = new URL(route.request().url()).searchParams
      const cursor = Number(asked.get('cursor') ?? many + 1)
      return route.fulfill(manySales(cursor, Number(asked.get('limit'))))
    })
    await button(page, 'Buscar')
    await page.getByRole('heading', { name: `de ${many} ventas` }).waitFor()
    const isWhole = `document.getElementById('sales').textContent === '${many} de ${many} ventas'`
    const longestMs = await longestTaskDuring(browser, page, () => scrollToEnd(page, isWhole))
    if (longestMs !== null) {
      await page.getByRole('button', { name: 'Ver la venta n.º 1', exact: true }).waitFor()
    }
    return longestMs
  }

  it('Ventas scrolls 5,000 sales without a task of more than 100 ms', async () => {
    let longestMs = await longestTaskOfScrolling()
    if (longestMs === null) {
      // Debian's Chromium 156 stopped drawing an idle page in 6 of 110 runs; a screenshot of it never came either.
      process.stdout.write(
        'Chromium drew no frame for five seconds: measured again in a new browser\n',
      )
      await browser.close()
      browser = await launch()
      context = await browser.newContext({ viewport: smallPhone })
      longestMs = await longestTaskOfScrolling()
    }
    expect(longestMs).toBeGreaterThan(0)
    expect(longestMs).toBeLessThanOrEqual(100)
    // Enough for two browsers.
  }, 120_000)

  it('Ventas reads on to the end of a new search although a page of the one before is still on its way', async () => {
    let answerPage: () => void = () => undefined
    const isPageAnswered = new Promise<void>((resolve) => (answerPage = resolve))
    let pages = 0
    await context.route('**/recargas/historial/clientes?*', async (route) => {
      const asked = new URL(route.request().url()).searchParams
      const cursor = asked.get('cursor')
      if (cursor !== null && ++pages === 1) await isPageAnswered
      await route.fulfill(manySales(Number(cursor ?? many + 1), Number(asked.get('limit'))))
    })
    const page = await openScreen('Ventas')
    await page.getByRole('heading', { name: `50 de ${many} ventas` }).waitFor()
    const nextPage = page.waitForRequest(/cursor=/)
    await page.evaluate('scrollTo(0, document.documentElement.scrollHeight)')
    await nextPage
    const firstAgain = page.waitForResponse('**/recargas/historial/clientes?*')
    await page.evaluate(`document.querySelector('form').requestSubmit()`)
    await firstAgain
    await page.getByRole('heading', { name: `50 de ${many} ventas` }).waitFor()
    await page.evaluate(`new Promise((resolve) => {
      // The new list's end has been seen once an observer that was made later has been called.
      requestAnimationFrame(() => new IntersectionObserver(resolve).observe(document.body))
    })`)
    answerPage()
    await page.getByRole('heading', { name: `100 de ${many} ventas` }).waitFor()
  }, 60_000)

  it('Saldos buys float once although the answer is lost, and shows its statement as plot, table and sheet', async () => {
    expected = [/ERR_FAILED/, /400/]
    let answerDay: () => void = () => undefined
    const isDayAnswered = new Promise<void>((resolve) => (answerDay = resolve))
    await context.route('**/dias/*', async (route) => {
      await isDayAnswered
      await route.continue()
    })
    const page = await openScreen('Saldos')
    const floats = page.getByRole('list', { name: 'Saldos con las operadoras' })
    await floats.getByText('Tigo').waitFor()
    // Nothing can be bought before the sessions that could pay are there to choose from.
    for (const name of ['Inyectar', 'Ver extracto', 'CSV']) {
      expect(await page.getByRole('button', { name, exact: true }).isDisabled()).toBe(true)
    }
    answerDay()
    const { keys, goOn } = await loseFirst(page, '**/recargas/inyeccion', 'answer')
    goOn()
    await button(page, 'Inyectar')
    await page.getByText('Elija la operadora.').waitFor()
    await page.getByRole('combobox', { name: 'Operadora' }).selectOption('Tigo')
    await fill(page, 'Monto', '20')
    const before = Number((await shop.float()).available)
    await button(page, 'Inyectar')
    await page.getByText('Hecho: Inyectar Bs 20.00 a Tigo.').waitFor()
    expect([keys.length, new Set(keys).size]).toEqual([2, 1])
    expect(Number((await shop.float()).available) - before).toBeCloseTo(20)
    await fill(page, 'Monto', '5000')
    await button(page, 'Inyectar')
    await page
      .getByRole('status', { name: 'Comprar saldo' })
      .getByText('Inyectar Bs 5000.00 a Tigo: ')
      .waitFor()

    await page.getByRole('combobox', { name: 'Saldo con' }).selectOption('Tigo')
    await button(page, 'Ver extracto')
    await page.getByRole('row', { name: /Inyección.*\+20\.00/ }).waitFor()
    await page.getByRole('img', { name: 'Saldo con Tigo' }).locator('canvas').waitFor()
    await isSound(page)
    const [download] = await Promise.all([page.waitForEvent('download'), button(page, 'CSV')])
    expect(readFileSync(await download.path(), 'utf8')).toContain('INYECCION')
    await page.getByRole('navigation').getByRole('link', { name: 'Hoy' }).click()
    await page.getByRole('img', { name: 'Por hora' }).locator('canvas').waitFor()
  }, 60_000)

  it('speaks English too', async () => {
    const page = await openScreen('Revisión')
    await page.getByRole('combobox', { name: 'Idioma' }).selectOption('en')
    await page.getByText('No sale is in review.').waitFor()
    await page.getByRole('link', { name: 'Cases' }).click()
    await page.getByText('No case is open.').waitFor()
    await isSound(page)
  }, 60_000)
})
