import { expect, it } from '@jest/globals'
import { createPos, tokenFor } from '../../../lab/src/till/pos.ts'
import { eventually, expectStatus, newNumber, openShop } from '../../../lab/src/till/shop.ts'
import { violationsOn } from './browser.ts'
import {
  button,
  goTo,
  hold,
  loseFirst,
  refuse,
  says,
  sell,
  spin,
  untilChargeable,
} from './on-screen.ts'
import type { ScreenStack } from './screen-stack.ts'

/** The hour at the shop now, and a minute ago, on a clock of twelve hours. */
const hoursInShop = (): readonly number[] => {
  const zone = { hour: 'numeric', hourCycle: 'h23', timeZone: 'America/La_Paz' } as const
  const hour = new Intl.DateTimeFormat('en', zone)
  return [Date.now(), Date.now() - 60_000].map((at) => Number(hour.format(at)) % 12)
}

/** A shift at a drawer. The last test closes the day with all its sessions: it comes after everything that needs one open. */
export const shiftTests = (screen: ScreenStack): void => {
  it('opens, sells, reports, moves cash once although the answer is lost, and closes with notes and a difference', async () => {
    const caja = { nombre: 'Caja del turno', especialidad: 'MIXTA', saldo: 200 }
    const made = await expectStatus(201, screen.shop().administrator.post('/cajas', caja))
    screen.expectErrors(/409/, /ERR_FAILED/, /503/)
    const page = await screen.openAs({ user: 900, role: 'Operador' })

    await goTo(page, 'Mi caja')
    await page.getByRole('combobox', { name: 'Caja' }).selectOption('Caja del turno')
    await page.getByRole('textbox', { name: 'Efectivo contado' }).fill('200')
    expect(await violationsOn(page)).toEqual([])
    await button(page, 'Abrir caja')
    await page.getByText('Bs 200.00').waitFor()
    const opened = await page.getByText(/abierta a las/).innerText()
    expect(hoursInShop()).toContain(Number(/las (\d\d?):/.exec(opened)?.[1]) % 12)

    await goTo(page, 'Vender')
    await sell(page, newNumber(), '10.50')
    await says(page, 'Vendida')

    await goTo(page, 'Mi caja')
    await page.getByText('Bs 210.50').waitFor()
    const movement = await loseFirst(page, '**/cajas/movimiento', 'answer')
    await button(page, 'Movimiento')
    await page.getByRole('radio', { name: 'Egreso' }).check()
    await page.getByRole('textbox', { name: 'Monto' }).fill('5')
    await page.getByRole('textbox', { name: 'Motivo' }).fill('bolsas')
    await button(page, 'Registrar')
    await page.getByText('No se sabe todavía').waitFor()
    movement.goOn()
    await page.getByText('Hecho: Movimiento.').waitFor()
    await page.getByText('Bs 205.50').waitFor()

    await button(page, 'Informe X')
    await page.getByRole('heading', { name: 'Informe X' }).waitFor()
    await page.getByRole('row', { name: '— Tigo 1 Bs 10.50' }).waitFor()
    expect(await violationsOn(page)).toEqual([])

    const keys: string[] = []
    await page.route('**/cerrar', async (route) => {
      keys.push(route.request().headers()['idempotency-key'] ?? '')
      const refusal = { code: 'COUNT_NEEDS_REASON', message: 'Falta el motivo.' }
      await (keys.length === 1 ? route.fulfill({ status: 409, json: refusal }) : route.continue())
    })
    await button(page, 'Cerrar caja')
    await spin(page, '200').fill('1')
    await spin(page, '5').fill('1')
    await page.getByText('Bs 205.00').waitFor()
    expect(await violationsOn(page)).toEqual([])
    await button(page, 'Confirmar cierre')
    await page.getByText('Falta el motivo.').first().waitFor()
    await page.getByRole('textbox', { name: 'Motivo de la diferencia' }).fill('vuelto <b>mal</b>')
    await button(page, 'Confirmar cierre')
    const report = page.getByRole('region', { name: 'Informe Z' })
    // The report of the open session becomes this one before the closed session has its own.
    await page.getByRole('button', { name: 'Abrir caja', exact: true }).waitFor()
    await report.getByRole('heading', { name: 'Informe Z' }).waitFor()
    await report.getByText('vuelto <b>mal</b>').waitFor()
    await report.getByRole('row', { name: 'Diferencia Bs -0.50' }).waitFor()
    await report.getByRole('row', { name: '200 1 Bs 200.00' }).waitFor()
    await refuse(page, '**/arqueo', 503)
    await report.getByRole('button', { name: 'CSV' }).click()
    await report.getByRole('alert').getByText('Más tarde.').waitFor()
    await page.unroute('**/arqueo')
    expect([keys.length, new Set(keys).size]).toEqual([2, 2])
    expect([movement.keys.length, new Set(movement.keys).size]).toEqual([2, 1])
    expect(await violationsOn(page)).toEqual([])

    await page.reload()
    await report.getByText('vuelto').waitFor()
    await page.emulateMedia({ media: 'print' })
    expect(await page.getByRole('button').count()).toBe(0)
    const kept = await screen.shop().administrator.get(`/cajas/${Number(made.body['id'])}`)
    expect(kept.body['saldo']).toBe('205.00')
  }, 60_000)

  it('counts blind where the shop says so: no expected cash before the count, in no report', async () => {
    const caja = { nombre: 'Caja ciega', especialidad: 'MIXTA', saldo: 50 }
    await expectStatus(201, screen.shop().administrator.post('/cajas', caja))
    const page = await screen.openAs({ user: 902, role: 'Operador' })
    await page.route('**/comercio', async (route) => {
      const response = await route.fetch()
      await route.fulfill({
        response,
        json: { ...((await response.json()) as object), cierre_ciego: true },
      })
    })
    await page.reload()
    await goTo(page, 'Mi caja')
    await page.getByRole('combobox', { name: 'Caja' }).selectOption('Caja ciega')
    await page.getByRole('textbox', { name: 'Efectivo contado' }).fill('50')
    await button(page, 'Abrir caja')
    await page.getByText('La tienda cuenta a ciegas').waitFor()
    await button(page, 'Informe X')
    await page.getByRole('heading', { name: 'Informe X' }).waitFor()
    expect(await page.getByRole('main').innerText()).not.toContain('Bs 50')
    expect(await page.getByRole('button', { name: 'CSV' }).count()).toBe(0)
    await button(page, 'Cerrar caja')
    await spin(page, '50').fill('1')
    await button(page, 'Confirmar cierre')
    const report = page.getByRole('region', { name: 'Informe Z' })
    await report.getByRole('row', { name: 'Esperado Bs 50.00' }).first().waitFor()
    await page.unrouteAll({ behavior: 'wait' })
  }, 60_000)

  it('goes on with a change of the drawer on another screen, and corrects a mistyped count', async () => {
    screen.expectErrors(/ERR_FAILED/)
    const caja = { nombre: 'Caja corregida', especialidad: 'MIXTA', saldo: 30 }
    await expectStatus(201, screen.shop().administrator.post('/cajas', caja))
    const cashier = await screen.openAs({ user: 903, role: 'Operador' })
    await goTo(cashier, 'Mi caja')
    await cashier.getByRole('combobox', { name: 'Caja' }).selectOption('Caja corregida')
    await cashier.getByRole('textbox', { name: 'Efectivo contado' }).fill('30')
    const opening = await loseFirst(cashier, '**/cajas/abrir', 'request')
    await button(cashier, 'Abrir caja')
    await cashier.getByText('No se sabe todavía').waitFor()
    opening.goOn()
    await goTo(cashier, 'Vender')
    await untilChargeable(cashier)
    await goTo(cashier, 'Mi caja')
    await button(cashier, 'Cerrar caja')
    await spin(cashier, '20').fill('1')
    await cashier.getByRole('textbox', { name: 'Motivo de la diferencia' }).fill('mal contado')
    await button(cashier, 'Confirmar cierre')
    const heading = cashier.getByRole('heading', { name: 'Informe Z' })
    await heading.waitFor()
    expect(await cashier.getByRole('button', { name: 'Corregir conteo' }).count()).toBe(0)
    const number = /N\.º (\d+)/.exec(
      await cashier.getByRole('region', { name: 'Informe Z' }).innerText(),
    )

    const owner = await screen.openAs({ user: 1, role: 'Administrador' })
    const goOn = await hold(owner, '**/cajas')
    await goTo(owner, 'Mi caja')
    await owner.getByText('Cargando…').waitFor()
    // The drawer above would move it when it arrives.
    expect(await owner.getByRole('heading', { name: 'Informes Z' }).count()).toBe(0)
    goOn()
    await owner.getByRole('textbox', { name: 'N.º de sesión' }).fill(number?.[1] ?? '')
    await button(owner, 'Ver informe')
    const report = owner.getByRole('region', { name: 'Informe Z', exact: true })
    await report.getByRole('row', { name: 'Diferencia Bs -10.00' }).waitFor()
    expect(await violationsOn(owner)).toEqual([])
    await button(owner, 'Corregir conteo')
    const dialog = owner.getByRole('dialog', { name: 'Corregir conteo' })
    await dialog.getByRole('textbox', { name: 'Efectivo contado' }).fill('30')
    await dialog.getByRole('button', { name: 'Confirmar corrección' }).click()
    await dialog.getByText('Escriba el motivo.').waitFor()
    await dialog.getByRole('textbox', { name: 'Motivo', exact: true }).fill('un billete de más')
    await dialog.getByRole('button', { name: 'Confirmar corrección' }).click()
    await report
      .getByText('Conteo corregido de Bs 20.00 a Bs 30.00 por 1: un billete de más')
      .waitFor()
    await report.getByRole('row', { name: 'Diferencia Bs -10.00' }).waitFor()
    await owner.emulateMedia({ media: 'print' })
    expect(await owner.getByRole('textbox').count()).toBe(0)
    await report.waitFor()
  }, 60_000)

  it('shows the owner the day as it goes on, and its last figures offline', async () => {
    screen.expectErrors(/ERR_INTERNET_DISCONNECTED|ERR_FAILED/)
    const page = await screen.openAs({ user: 1, role: 'Administrador' })
    const sold = async () => {
      const { body } = await screen.shop().administrator.get(`/dias/${await dayShown()}`)
      return (body['vendidas'] as { readonly cantidad: number }).cantidad
    }
    const dayShown = async () =>
      (await page.getByText(/^\d{4}-\d{2}-\d{2}, hora de/).innerText()).slice(0, 10)
    const figure = (count: number) =>
      page
        .getByRole('region', { name: 'Ventas de hoy' })
        .getByText(String(count), { exact: true })
        .first()

    await goTo(page, 'Hoy')
    await page.getByRole('heading', { name: 'Por hora' }).waitFor()
    const before = await sold()
    await expectStatus(201, screen.shop().sell(newNumber(), 0.3))
    await figure(before + 1).waitFor()
    await page.getByRole('list', { name: 'Sesiones abiertas' }).getByText('Sesión n.º').waitFor()
    await page.getByRole('list', { name: 'Saldos con las operadoras' }).getByText('Tigo').waitFor()
    expect(await violationsOn(page)).toEqual([])
    await screen.context().setOffline(true)
    await page.getByText(/^Datos de las/).waitFor()
    await figure(before + 1).waitFor()
  }, 60_000)

  it('hands a caja over, and closes the day once all its sessions are closed', async () => {
    screen.expectErrors(/409/)
    const own = await openShop(screen.stack().gateway, { float: 0 })
    const cashier = await screen.openWith(own.token)
    await goTo(cashier, 'Mi caja')
    await button(cashier, 'Entregar caja')
    await spin(cashier, '200').fill('2')
    await cashier.getByRole('textbox', { name: 'Usuario que recibe la caja' }).fill('901')
    await button(cashier, 'Confirmar entrega')
    await cashier.getByRole('heading', { name: 'Informe Z' }).waitFor()

    const owner = await screen.openAs({ user: 1, role: 'Administrador' })
    await goTo(owner, 'Cierre del día')
    await owner.getByText('Todavía no hay cierres.').waitFor()
    const date = owner.getByLabel('Fecha')
    await eventually(
      () => date.inputValue(),
      (offered) => /^\d{4}-\d{2}-\d{2}$/.test(offered),
    )
    expect(await violationsOn(owner)).toEqual([])
    await button(owner, 'Cerrar el día')
    await owner.locator('#date-fault').getByText('sesi').waitFor()

    const next = createPos(
      screen.stack().gateway.url,
      tokenFor(screen.stack().gateway.jwtSecret, { user: 901, role: 'Operador' }),
    )
    const { body } = await expectStatus(200, next.get('/cajas/sesion-activa/901'))
    const count = { monto_final_real: 400 }
    await expectStatus(200, next.patch(`/cajas/sesion/${String(body['id'])}/cerrar`, count))
    // The other tests' session still has a sale that is pending.
    const { administrator, sessionId } = screen.shop()
    const accepted = { ...count, aceptar_pendientes: true }
    await expectStatus(200, administrator.patch(`/cajas/sesion/${sessionId}/cerrar`, accepted))
    await button(owner, 'Cerrar el día')
    const closings = owner.getByRole('list', { name: 'Cierres' })
    await closings.getByText('Cierre n.º 1').waitFor()
    const again = owner.waitForResponse((response) => response.request().method() === 'POST')
    await button(owner, 'Cerrar el día')
    await again
    const read = owner.waitForResponse(/\/cierres(\?|$)/)
    await owner.reload()
    expect((await read).status()).toBe(200)
    await closings.getByText('Cierre n.º 1').waitFor()
    expect(await closings.getByRole('listitem').count()).toBe(1)
  }, 60_000)
}
