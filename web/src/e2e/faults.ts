import { expect, it } from '@jest/globals'
import type { Page } from 'playwright-core'
import { newNumber } from '../../../lab/src/till/shop.ts'
import { violationsOn } from './browser.ts'
import { button, keptPresses, refuse, result, says, sell } from './on-screen.ts'
import type { ScreenStack } from './screen-stack.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs

/** Bad days of a phone: no storage, a wrong clock, an access that ends, an answer of another version. */
export const faultTests = (screen: ScreenStack): void => {
  const callsTo = (number: string) => screen.stack().carrierCallsTo(number)
  const signInAgain = async (page: Page) => {
    await page.unroute('**/recargas/cliente')
    await page.getByLabel('Código de acceso').fill(screen.shop().token)
    await button(page, 'Entrar')
  }

  it.each([
    ['has no room', 'QuotaExceededError', 'este equipo no tiene espacio'],
    ['forbids storage', 'SecurityError', 'el navegador no permite guardar la venta'],
  ])(
    'sells nothing where the device %s, and says so',
    async (_, name, sentence) => {
      const page = await screen.openTab()
      await page.addInitScript(`IDBObjectStore.prototype.put = () => {
      throw new DOMException('no', ${JSON.stringify(name)})
    }`)
      await page.reload()
      const number = newNumber()
      await sell(page, number, '5')
      await result(page).getByText(sentence).waitFor()
      expect([await callsTo(number), await keptPresses(page)]).toEqual([0, 0])
    },
    60_000,
  )

  it('asks before it sells a press whose token was refused an hour ago, and sells it on yes', async () => {
    screen.expectErrors(/401/)
    const page = await screen.openTab()
    const number = newNumber()
    await refuse(page, '**/recargas/cliente', 401)
    await sell(page, number, '6')
    await says(page, 'No se sabe todavía')
    await page.clock.setSystemTime(Date.now() + hourMs)
    await signInAgain(page)
    const dialog = page.getByRole('dialog', { name: '¿Cobrar ahora esta venta?' })
    await dialog.waitFor()
    expect(await callsTo(number)).toBe(0)
    expect(await violationsOn(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Sí, cobrar ahora' }).click()
    await says(page, 'Vendida')
    expect([await callsTo(number), await keptPresses(page)]).toEqual([1, 0])
  }, 60_000)

  it('sells by the gateway’s time on a phone that is a day behind, and says that its clock is wrong', async () => {
    const page = await screen.openTab()
    await page.clock.setSystemTime(Date.now() - dayMs)
    await page.reload()
    await page.getByText('El reloj de este equipo está atrasado').waitFor()
    const number = newNumber()
    await sell(page, number, '7')
    await says(page, 'Vendida')
    expect(await callsTo(number)).toBe(1)
  }, 60_000)

  it('takes an answer of another version for an unknown outcome, and finds it out', async () => {
    const page = await screen.openTab()
    const number = newNumber()
    let answers = 0
    await page.route('**/recargas/cliente', async (route) => {
      answers += 1
      if (answers > 1) return route.continue()
      await route.fetch()
      return route.fulfill({ status: 207, json: { resultado: 'de otra versión' } })
    })
    await sell(page, number, '8')
    await says(page, 'Vendida')
    expect([await callsTo(number), await keptPresses(page), answers > 1]).toEqual([1, 0, true])
  }, 60_000)

  it('prints the receipt alone', async () => {
    const page = await screen.openTab()
    await sell(page, newNumber(), '9')
    await says(page, 'Vendida')
    await button(page, 'Comprobante')
    const receipt = page.getByRole('region', { name: 'Comprobante' })
    await receipt.waitFor()
    await page.emulateMedia({ media: 'print' })
    expect(await page.getByRole('textbox').count()).toBe(0)
    expect(await page.getByRole('heading', { level: 1 }).count()).toBe(0)
    expect(await receipt.innerText()).toContain('9.00')
  }, 60_000)

  it('breaks no rule of accessibility on any screen, in Spanish and in English', async () => {
    const page = await screen.openAs({ user: 1, role: 'Administrador' })
    const links = page.getByRole('navigation').getByRole('link')
    await links.first().waitFor()
    const count = await links.count()
    expect(count).toBeGreaterThanOrEqual(4)
    const seen = new Set<string>()
    for (const language of ['es', 'en']) {
      await page.getByRole('combobox').first().selectOption(language)
      for (let at = 0; at < count; at += 1) {
        await links.nth(at).click()
        const heading = page.getByRole('heading', { level: 1 })
        const name = await links.nth(at).innerText()
        await heading.getByText(name, { exact: true }).waitFor()
        await page
          .getByText(/^(Cargando…|Loading…)$/)
          .first()
          .waitFor({ state: 'hidden' })
        seen.add(name)
        expect([name, await violationsOn(page)]).toEqual([name, []])
      }
    }
    expect(seen.size).toBe(count * 2)
  }, 120_000)
}
