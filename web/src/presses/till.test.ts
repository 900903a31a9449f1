import { describe, expect, test } from '@jest/globals'
import type { SaleOutcome } from '@recargas/client'
import { createLocks, newKey } from './locks.ts'
import type { Concluded, Goods, Press } from './press.ts'
import type { PressStore } from './store.ts'
import { createTill, type TillDeps } from './till.ts'

const id = '01890a5d-ac96-774b-bcce-b302099a8057'
const sale = { id: 7, id_transaccion: id } as Extract<SaleOutcome, { kind: 'sold' }>['sale']
const sold: SaleOutcome = { kind: 'sold', sale }
const pending: SaleOutcome = { kind: 'pending', sale }
const lost: SaleOutcome = { kind: 'unknown', key: '', id: null, cause: new Error('lost') }
const suspected: SaleOutcome = {
  kind: 'refused',
  status: 409,
  code: 'DUPLICATE_SUSPECTED',
  message: 'Ya hay una venta igual.',
  problem: { code: 'DUPLICATE_SUSPECTED', id_transaccion: id } as never,
}
const denied: SaleOutcome = {
  kind: 'refused',
  status: 401,
  code: 'TOKEN_INVALID',
  message: 'Venció.',
  problem: { code: 'TOKEN_INVALID' } as never,
}
const goods: Goods = {
  kind: 'topup',
  order: { operadora: 'Tigo', numero_cliente: '78945612', monto: 10, id_caja_sesion: 1 },
}
const owner = 'principal/2'

/** One browser: its storage and its locks outlive a page, and all its tabs share them. */
const aBrowser = () => {
  const disk = new Map<string, Press>()
  const asked: { readonly key: string; readonly isConfirmed: boolean }[] = []
  const lookedUp: string[] = []
  let outcomes: (SaleOutcome | Promise<SaleOutcome>)[] = []
  let fault: Error | null = null
  let now = 1_000_000
  const locks = createLocks(undefined)
  const listeners: ((ended: Concluded | null) => void)[] = []
  const store: PressStore = {
    load: (person) => Promise.resolve([...disk.values()].filter((press) => press.owner === person)),
    keep: (press) => {
      if (fault !== null) return Promise.reject(fault)
      disk.set(press.key, press)
      return Promise.resolve()
    },
    drop: (key, ended) => {
      disk.delete(key)
      for (const listener of listeners) listener(ended)
      return Promise.resolve()
    },
    onChange: (listener) => {
      listeners.push(listener)
      return () => undefined
    },
  }
  const next = () => Promise.resolve(outcomes.length > 1 ? outcomes.shift() : outcomes[0])
  const client = {
    sell: async (_: unknown, options: { key?: string; confirmDuplicate?: boolean } = {}) => {
      asked.push({ key: options.key ?? '', isConfirmed: options.confirmDuplicate === true })
      return (await next()) ?? lost
    },
    lookUp: async (sought: number | string) => {
      lookedUp.push(String(sought))
      const outcome = await next()
      return outcome === undefined || outcome.kind === 'unknown'
        ? { kind: 'unanswered', afterMs: 0 }
        : { kind: 'found', outcome }
    },
  }
  const openTab = async (person = owner) => {
    const deps = { store, locks, newKey, now: () => now, client: client as never }
    const till = createTill(deps satisfies TillDeps, person)
    store.onChange((ended) => void till.reload(ended))
    await till.reload()
    return till
  }
  return {
    disk,
    asked,
    lookedUp,
    openTab,
    answer: (...given: (SaleOutcome | Promise<SaleOutcome>)[]) => {
      outcomes = given
    },
    fail: (name: string | null) =>
      (fault = name === null ? null : Object.assign(new Error(name), { name })),
    wait: (ms: number) => (now += ms),
  }
}

describe('a press', () => {
  test('is on disk before it is sent, and off it once it is sold', async () => {
    const browser = aBrowser()
    const tab = await browser.openTab()
    let give: (outcome: SaleOutcome) => void = () => undefined
    browser.answer(new Promise((resolve) => (give = resolve)))
    const pressed = tab.press(goods)
    expect(tab.shown.value?.kind).toBe('sending')
    while (browser.asked.length === 0) await Promise.resolve()
    expect([...browser.disk.keys()]).toEqual([browser.asked[0]?.key])
    give(sold)
    await pressed
    expect([tab.shown.value?.kind, browser.disk.size]).toEqual(['sold', 0])
  })

  test('is the only one while it is under way, in this tab and in another', async () => {
    const browser = aBrowser()
    const [one, other] = [await browser.openTab(), await browser.openTab()]
    let give: (outcome: SaleOutcome) => void = () => undefined
    browser.answer(new Promise((resolve) => (give = resolve)))
    const pressed = one.press(goods)
    await one.press(goods)
    await other.press(goods)
    expect(other.shown.value?.kind).toBe('other-tab')
    give(sold)
    await pressed
    expect(browser.asked).toHaveLength(1)
  })

  test.each([
    ['QuotaExceededError', 'full'],
    ['SecurityError', 'forbidden'],
  ])('that cannot be kept (%s) is not sent', async (name, fault) => {
    const browser = aBrowser()
    const tab = await browser.openTab()
    browser.fail(name)
    await tab.press(goods)
    expect(tab.shown.value).toMatchObject({ kind: 'not-kept', fault })
    expect([browser.asked, tab.kept.value]).toEqual([[], []])
  })
})

describe('after a crash', () => {
  test('the press goes on under its own key, and ends once', async () => {
    const browser = aBrowser()
    browser.answer(lost)
    await (await browser.openTab()).press(goods)
    const tab = await browser.openTab()
    expect([tab.shown.value?.kind, tab.kept.value.length]).toEqual(['unknown', 1])
    browser.answer(sold)
    browser.wait(5_000)
    await tab.resume()
    expect(new Set(browser.asked.map(({ key }) => key)).size).toBe(1)
    expect([tab.shown.value?.kind, browser.disk.size]).toEqual(['sold', 0])
    await tab.resume()
    expect(browser.asked).toHaveLength(2)
  })

  test('a pending sale is looked up by its id, and sent again by nobody', async () => {
    const browser = aBrowser()
    browser.answer(pending)
    await (await browser.openTab()).press(goods)
    const tab = await browser.openTab()
    expect(tab.shown.value?.kind).toBe('pending')
    browser.wait(5_000)
    browser.answer(pending, sold)
    await tab.resume()
    browser.wait(60_000)
    await tab.resume()
    expect([browser.asked.length, browser.lookedUp]).toEqual([1, [id, id]])
    expect(tab.shown.value?.kind).toBe('sold')
  })

  test('two tabs resume one press once at a time', async () => {
    const browser = aBrowser()
    browser.answer(lost)
    await (await browser.openTab()).press(goods)
    const [one, other] = [await browser.openTab(), await browser.openTab()]
    browser.wait(5_000)
    browser.answer(sold)
    await Promise.all([one.resume(), other.resume()])
    expect(browser.asked).toHaveLength(2)
    expect([one.shown.value?.kind, other.shown.value?.kind]).toEqual(['sold', 'sold'])
  })

  test('another person’s press is left alone', async () => {
    const browser = aBrowser()
    browser.answer(lost)
    await (await browser.openTab()).press(goods)
    const tab = await browser.openTab('principal/3')
    browser.wait(60_000)
    await tab.resume()
    expect([tab.kept.value, browser.asked.length, browser.disk.size]).toEqual([[], 1, 1])
  })
})

describe('an equal sale', () => {
  test('is asked about, after a reload too, and sells under the same key once confirmed', async () => {
    const browser = aBrowser()
    browser.answer(suspected)
    await (await browser.openTab()).press(goods)
    const tab = await browser.openTab()
    browser.wait(60_000)
    await tab.resume()
    const [asked] = tab.kept.value
    if (asked === undefined) throw new Error('nothing is kept')
    expect([tab.shown.value?.kind, browser.asked.length]).toEqual(['asking', 1])
    browser.answer(sold)
    await tab.confirm(asked)
    expect(browser.asked.map(({ isConfirmed }) => isConfirmed)).toEqual([false, true])
    expect(new Set(browser.asked.map(({ key }) => key)).size).toBe(1)
    expect([tab.shown.value?.kind, browser.disk.size]).toEqual(['sold', 0])
  })

  test('is forgotten when the cashier says no', async () => {
    const browser = aBrowser()
    browser.answer(suspected)
    const tab = await browser.openTab()
    await tab.press(goods)
    const [asked] = tab.kept.value
    if (asked !== undefined) await tab.decline(asked)
    expect([tab.shown.value, tab.kept.value, browser.disk.size]).toEqual([null, [], 0])
  })

  test('whose confirmation got lost confirms again by itself', async () => {
    const browser = aBrowser()
    browser.answer(suspected, lost)
    const tab = await browser.openTab()
    await tab.press(goods)
    const [asked] = tab.kept.value
    if (asked !== undefined) await tab.confirm(asked)
    browser.wait(60_000)
    browser.answer(sold)
    await (await browser.openTab()).resume()
    expect(browser.asked.map(({ isConfirmed }) => isConfirmed)).toEqual([false, true, true])
  })
})

describe('a press whose token was refused', () => {
  const afterRefusal = async (browser: ReturnType<typeof aBrowser>, pauseMs: number) => {
    browser.answer(denied)
    await (await browser.openTab()).press(goods)
    browser.wait(pauseMs)
    browser.answer(sold)
    const tab = await browser.openTab()
    await tab.resume()
    return tab
  }

  test('is sold by itself when the person signs in at once', async () => {
    const browser = aBrowser()
    const tab = await afterRefusal(browser, 100_000)
    expect([tab.shown.value?.kind, tab.late.value, browser.asked.length]).toEqual(['sold', null, 2])
  })

  test('is sold much later only after the cashier’s yes, under the same key', async () => {
    const browser = aBrowser()
    const tab = await afterRefusal(browser, 3_600_000)
    expect([tab.shown.value?.kind, browser.asked.length]).toEqual(['late', 1])
    const { value: late } = tab.late
    if (late === null) throw new Error('nobody is asked')
    await tab.sellNow(late)
    expect([tab.shown.value?.kind, tab.late.value, browser.disk.size]).toEqual(['sold', null, 0])
    expect(new Set(browser.asked.map(({ key }) => key)).size).toBe(1)
  })

  test('is not asked about again while the cashier’s yes is carried out', async () => {
    const browser = aBrowser()
    const tab = await afterRefusal(browser, 3_600_000)
    const { value: late } = tab.late
    if (late === null) throw new Error('nobody is asked')
    const selling = tab.sellNow(late)
    const looking = tab.resume()
    expect([tab.shown.value?.kind, tab.late.value]).toEqual(['sending', null])
    await Promise.all([selling, looking])
    expect([tab.shown.value?.kind, tab.late.value, browser.disk.size]).toEqual(['sold', null, 0])
  })

  test('is forgotten on the cashier’s no', async () => {
    const browser = aBrowser()
    const tab = await afterRefusal(browser, 3_600_000)
    const { value: late } = tab.late
    if (late !== null) await tab.decline(late)
    await tab.resume()
    expect([browser.asked.length, browser.disk.size, tab.late.value]).toEqual([1, 0, null])
  })

  test('is not sent where it cannot be noted that it may be sold from now on', async () => {
    const browser = aBrowser()
    browser.answer(denied)
    const tab = await browser.openTab()
    await tab.press(goods)
    browser.wait(10_000)
    browser.fail('QuotaExceededError')
    await tab.resume()
    expect(browser.asked).toHaveLength(1)
  })

  test('is followed like any other once an attempt of it got lost', async () => {
    const browser = aBrowser()
    browser.answer(denied)
    await (await browser.openTab()).press(goods)
    browser.wait(10_000)
    browser.answer(lost)
    await (await browser.openTab()).resume()
    browser.wait(3_600_000)
    browser.answer(sold)
    const tab = await browser.openTab()
    await tab.resume()
    expect([tab.shown.value?.kind, browser.asked.length]).toEqual(['sold', 3])
  })
})

test('a sale that ends in the background is listed, and does not replace the one on the screen', async () => {
  const browser = aBrowser()
  browser.answer(pending, sold)
  const tab = await browser.openTab()
  await tab.press(goods)
  await tab.press(goods)
  const [, second] = browser.asked
  browser.wait(5_000)
  await tab.resume()
  expect(tab.ended.value.map(({ kind }) => kind)).toEqual(['sold'])
  expect(tab.shown.value).toMatchObject({ kind: 'sold', press: { key: second?.key } })
})
