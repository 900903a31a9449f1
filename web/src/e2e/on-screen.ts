import type { BrowserContext, Page } from 'playwright-core'

/** Actions and places of the screen, by the names that stay. */

/** Waits until a sale can be charged: what the form shows was read, and the sale before it has left the form. */
export const untilChargeable = (page: Page): Promise<void> =>
  page.getByRole('button', { name: 'Cobrar', exact: true, disabled: false }).waitFor()
export const fill = async (page: Page, number: string, amount: string): Promise<void> => {
  await untilChargeable(page)
  await page.getByRole('radio', { name: 'Tigo' }).check()
  await page.getByRole('textbox', { name: 'Número' }).fill(number)
  await page.getByRole('textbox', { name: 'Monto' }).fill(amount)
}
export const charge = (page: Page): Promise<void> =>
  page.getByRole('button', { name: 'Cobrar', exact: true }).click()
export const sell = async (page: Page, number: string, amount: string): Promise<void> => {
  await fill(page, number, amount)
  await charge(page)
}
export const result = (page: Page) => page.getByRole('status', { name: 'Resultado' })
/** Waits until the result of the last press has this text. @throws with what the screen shows instead */
export const says = async (page: Page, text: string): Promise<void> => {
  try {
    await result(page).getByText(text, { exact: true }).waitFor()
  } catch (cause) {
    const shown = await page.getByRole('main').innerText()
    throw new Error(`no result says "${text}"; the screen shows:\n${shown}`, { cause })
  }
}
export const button = (page: Page, name: string): Promise<void> =>
  page.getByRole('button', { name, exact: true }).click()
export const spin = (page: Page, note: string) =>
  page.getByRole('spinbutton', { name: note, exact: true })
export const goTo = (page: Page, name: string): Promise<void> =>
  page.getByRole('navigation').getByRole('link', { name, exact: true }).click()

/** Holds the requests of these routes until the returned function lets them through, to what an earlier route says of them. */
export const hold = async (
  from: Page | BrowserContext,
  ...paths: readonly string[]
): Promise<() => void> => {
  let goOn: () => void = () => undefined
  const isReleased = new Promise<void>((resolve) => (goOn = resolve))
  for (const path of paths) {
    await from.route(path, async (route) => {
      await isReleased
      await route.fallback()
    })
  }
  return goOn
}

const refusals = {
  401: { code: 'TOKEN_INVALID', message: 'Venció.' },
  503: { code: 'LEDGER_UNAVAILABLE', message: 'Más tarde.' },
}
/** Answers the requests of a route with a refusal of the gateway. */
export const refuse = (from: Page | BrowserContext, path: string, status: keyof typeof refusals) =>
  from.route(path, (route) => route.fulfill({ status, json: refusals[status] }))

type Lost = {
  /** The idempotency keys of the requests so far. */
  readonly keys: readonly string[]
  /** Lets the next requests through. */
  readonly goOn: () => void
}
/** Loses the first request of a route, or the answer to it, and holds the next ones until `goOn`. */
export const loseFirst = async (
  page: Page,
  path: string,
  lost: 'request' | 'answer',
): Promise<Lost> => {
  const keys: string[] = []
  const goOn = await hold(page, path)
  await page.route(path, async (route) => {
    const isFirst = keys.push(route.request().headers()['idempotency-key'] ?? '') === 1
    if (isFirst && lost === 'answer') await route.fetch()
    await (isFirst ? route.abort() : route.fallback())
  })
  return { keys, goOn }
}

/** Presses whose outcome this browser does not know. */
export const keptPresses = (page: Page): Promise<unknown> =>
  page.evaluate(`new Promise((resolve) => {
    const opening = indexedDB.open('recargas')
    opening.onsuccess = () => {
      const counting = opening.result.transaction('presses').objectStore('presses').count()
      counting.onsuccess = () => (opening.result.close(), resolve(counting.result))
    }
  })`)
