import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { openTestStack, type TestStack } from '../../../lab/src/e2e/test-stack.ts'
import { newNumber, openShop } from '../../../lab/src/till/shop.ts'
import { describeInChromium, launch, violationsOn } from './browser.ts'
import { audience, clientId, startIssuer } from './issuer.ts'

describeInChromium('Signing in at an issuer, in Chromium', () => {
  let stack: TestStack
  let browser: Browser
  let context: BrowserContext
  let issuer: Awaited<ReturnType<typeof startIssuer>>
  let screen = ''
  let faults: string[] = []

  beforeAll(async () => {
    ;[stack, browser, issuer] = await Promise.all([
      openTestStack('issuer'),
      launch(),
      startIssuer(),
    ])
    const gateway = await stack.anotherGateway('gateway-oidc', {
      JWT_SECRET: '',
      JWT_JWKS_URI: `${issuer.url}/jwks`,
      JWT_ISSUER: issuer.url,
      JWT_AUDIENCE: audience,
      OIDC_ISSUER: issuer.url,
      OIDC_CLIENT_ID: clientId,
    })
    screen = gateway.url
    issuer.serve(screen)
    await Promise.all([gateway.start(), openShop(stack.gateway, { float: 100 })])
  }, 120_000)
  beforeEach(async () => {
    context = await browser.newContext({ viewport: { width: 360, height: 740 } })
    faults = []
  })
  afterEach(async () => {
    await context.close()
    expect(faults).toEqual([])
  })
  afterAll(async () => {
    await browser.close()
    const proof = await stack.close()
    await issuer.close()
    expect(proof).toMatchObject({ findings: [], debitedTwice: 0, carrierDebits: proof.commits })
  }, 60_000)

  const openScreen = async () => {
    const page = await context.newPage()
    // The issuer's own pages would ask for a font.
    await page.route('https://fonts.googleapis.com/**', (route) => route.abort())
    page.on('pageerror', (error) => faults.push(String(error)))
    page.on('request', (request) => {
      const url = request.url()
      const isOwn = page.url().startsWith(screen)
      if (isOwn && !url.startsWith(screen) && !url.startsWith(issuer.url)) faults.push(url)
    })
    await page.goto(`${screen}/tienda`)
    return page
  }
  const start = (page: Page) => page.getByRole('button', { name: 'Continuar' }).click()
  const logIn = async (page: Page, account: string) => {
    await start(page)
    await page.getByPlaceholder('Enter any login').fill(account)
    await page.getByPlaceholder('and password').fill('any')
    await page.getByRole('button', { name: 'Sign-in' }).click()
    await page.getByRole('button', { name: 'Continue' }).click()
  }
  const says = (page: Page, text: string) =>
    page.getByRole('status', { name: 'Iniciar sesión' }).getByText(text).waitFor()

  it('takes a person’s role and name from the token, renews it before it ends, and ends the session there too', async () => {
    const page = await openScreen()
    await page.getByRole('button', { name: 'Continuar' }).waitFor()
    expect(await violationsOn(page)).toEqual([])
    await logIn(page, 'ana')
    await page.getByRole('link', { name: 'Hoy' }).waitFor()
    await page.getByText('Ana').waitFor()
    expect(page.url()).toBe(`${screen}/tienda`)
    expect(await page.evaluate('Object.keys(localStorage).concat(document.cookie)')).toEqual([''])
    const tokens = new Set<string>()
    page.on('request', (request) => {
      if (request.url().startsWith(`${screen}/operadoras`)) {
        tokens.add(request.headers()['authorization'] ?? '')
      }
    })
    const renewed = page.waitForResponse(`${issuer.url}/token`)
    await page.getByRole('radio', { name: 'Tigo' }).waitFor()
    expect((await renewed).status()).toBe(200)
    await page.reload()
    await page.getByRole('radio', { name: 'Tigo' }).waitFor()
    expect(tokens.size).toBe(2)
    expect(await page.getByRole('heading', { name: 'Iniciar sesión' }).count()).toBe(0)
    await page.getByRole('button', { name: 'Salir' }).click()
    await page.waitForURL(`${issuer.url}/session/end**`)
    expect(await page.evaluate('document.title')).toContain('Logout')
  }, 60_000)

  it('keeps a typed sale through a new sign-in, where the issuer does not renew', async () => {
    const page = await openScreen()
    await logIn(page, 'no-renewal')
    const number = newNumber()
    await page.getByRole('radio', { name: 'Tigo' }).check()
    await page.getByRole('textbox', { name: 'Número' }).fill(number)
    await page.getByRole('textbox', { name: 'Monto' }).fill('12.50')
    await page.route('**/recargas/historial/**', (route) =>
      route.fulfill({ status: 401, json: { code: 'TOKEN_INVALID', message: 'Venció.' } }),
    )
    await page.getByText('Su acceso venció.').waitFor()
    await page.unroute('**/recargas/historial/**')
    await start(page)
    await page.getByRole('radio', { name: 'Tigo' }).waitFor()
    expect(await page.getByRole('textbox', { name: 'Número' }).inputValue()).toBe(number)
    expect(await page.getByRole('textbox', { name: 'Monto' }).inputValue()).toBe('12.50')
    expect(await page.getByRole('radio', { name: 'Tigo' }).isChecked()).toBe(true)
    expect(await page.getByRole('heading', { name: 'Iniciar sesión' }).count()).toBe(0)
  }, 60_000)

  it.each([
    ['no-role', 'Su cuenta no tiene un rol en este sistema.'],
    ['other-shop', 'Este sistema no acepta el acceso de su cuenta.'],
  ])('signs nobody in with a token of %s', async (account, sentence) => {
    const page = await openScreen()
    await logIn(page, account)
    await says(page, sentence)
    expect(await page.getByRole('navigation').getByRole('link').count()).toBe(0)
    expect(await page.evaluate('Object.keys(sessionStorage)')).toEqual([])
  })

  it('signs nobody in where the issuer says no, or does not answer', async () => {
    const page = await openScreen()
    await page.route(`${issuer.url}/.well-known/**`, (route) => route.abort())
    await start(page)
    await says(page, 'El servicio de cuentas no responde.')
    await page.unroute(`${issuer.url}/.well-known/**`)
    await start(page)
    await page.getByRole('link', { name: 'Cancel' }).click()
    await says(page, 'El servicio de cuentas no dio acceso.')
    expect(await violationsOn(page)).toEqual([])
  })

  it('takes no answer to a sign-in that this tab did not begin', async () => {
    const page = await openScreen()
    await page.goto(`${screen}/tienda?code=stolen&state=guessed`)
    await says(page, 'Esa respuesta no es de este inicio de sesión.')
    expect(page.url()).toBe(`${screen}/tienda`)
  })

  it.each(['nonce', 'verifier'])('takes no answer to another %s', async (changed) => {
    const page = await openScreen()
    await page.addInitScript(`{
      const kept = JSON.parse(sessionStorage.getItem('recargas.sign-in'))
      if (kept !== null && location.search.includes('code=')) {
        const other = { ...kept, ${changed}: 'another-0123456789-0123456789-0123456789-01' }
        sessionStorage.setItem('recargas.sign-in', JSON.stringify(other))
      }
    }`)
    await logIn(page, 'ana')
    await says(page, 'El servicio de cuentas respondió algo que no vale.')
    expect(await page.evaluate('Object.keys(sessionStorage)')).toEqual([])
  })
})
