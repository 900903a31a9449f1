import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import { MerchantId, readCatalogueText } from '@recargas/contracts'
import { silentLog } from '@recargas/runtime'
import { catalogue } from '../testing/samples.ts'
import { createLiveShops } from './live-shops.ts'
import { createCatalogueWatch, readCatalogueFile } from './watch-catalogue.ts'

const folder = mkdtempSync(join(tmpdir(), 'catalogue-'))
afterAll(() => rmSync(folder, { recursive: true }))
const path = join(folder, 'catalogue.json')
const principal = MerchantId.parse('principal')

const good = JSON.stringify(catalogue)
const cheaper = good.replace('"maximo":100000', '"maximo":1000')

/** A watch on a real file, with its taken catalogues, log lines and metrics recorded. */
const aWatch = () => {
  writeFileSync(path, good)
  const reading = readCatalogueText(good)
  if (reading.kind === 'wrong') throw new Error(reading.problems.join())
  const shops = createLiveShops(reading.catalogue)
  const said: unknown[] = []
  const shown: boolean[] = []
  const watch = createCatalogueWatch({
    read: () => readCatalogueFile(path),
    first: reading.catalogue,
    defaultMerchant: principal,
    take: shops.replace,
    log: {
      ...silentLog,
      info: (message, fields) => said.push([message, fields]),
      warn: (message, fields) => said.push([message, fields]),
    },
    onLook: (isTaken) => shown.push(isTaken),
  })
  const maximum = () => shops.of(principal).find('Tigo')?.maximo
  return { watch, shops, said, shown, maximum }
}

test('a changed file counts at the next look, and the log lists the changes', async () => {
  const { watch, said, maximum } = aWatch()
  await watch.look()
  expect([maximum(), said]).toEqual([100_000, []])
  // As mounted files and careful editors do it: another file takes the name.
  writeFileSync(`${path}.new`, cheaper)
  renameSync(`${path}.new`, path)
  await watch.look()
  expect(maximum()).toBe(1_000)
  expect(said).toEqual([['catalogue taken', { changes: ['principal/Tigo: maximo changed'] }]])
})

test.each([
  ['is broken', '{', 'the file is not JSON'],
  [
    'has a wrong field',
    good.replace('"minimo":10', '"minimo":0'),
    'merchants.principal.operators[0]',
  ],
  ['has lost the default shop', good.replace('"principal"', '"otra"'), 'is DEFAULT_MERCHANT'],
])('a file that %s keeps the one before it, and says why once', async (_, text, problem) => {
  const { watch, said, shown, maximum } = aWatch()
  await watch.look()
  writeFileSync(path, text)
  // The file may be half written: it is refused only when the next look finds the same content.
  await watch.look()
  expect(watch.refused()).toBeNull()
  for (let look = 0; look < 3; look += 1) await watch.look()
  expect(maximum()).toBe(100_000)
  expect(watch.refused()?.join()).toContain(problem)
  expect(said).toHaveLength(1)
  expect(shown.at(-1)).toBe(false)
  writeFileSync(path, cheaper)
  await watch.look()
  expect([maximum(), watch.refused(), shown.at(-1)]).toEqual([1_000, null, true])
})

test('a file that goes away changes nothing', async () => {
  const { watch, maximum } = aWatch()
  rmSync(path)
  await watch.look()
  await watch.look()
  expect([maximum(), watch.refused()]).toEqual([100_000, ['cannot read the file (ENOENT)']])
})

test('a request keeps the catalogue that it began with, whatever it waits for', async () => {
  const { watch, shops, maximum } = aWatch()
  const begun = shops.current()
  let changed: () => void = () => undefined
  const waiting = new Promise<void>((resolve) => (changed = resolve))
  const request = shops.keeping(begun, async () => {
    await waiting
    return maximum()
  })
  writeFileSync(path, cheaper)
  await watch.look()
  changed()
  expect(await request).toBe(100_000)
  expect(maximum()).toBe(1_000)
})
