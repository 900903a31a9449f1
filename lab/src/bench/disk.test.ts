import { expect, test } from '@jest/globals'
import { perSale } from './disk.ts'

const empty = { dataBytes: 100, collectionBytes: 1_000, indexBytes: 3_000, totalBytes: {} }
const full = {
  dataBytes: 900_000,
  collectionBytes: 100_000,
  indexBytes: 300_000,
  totalBytes: { blocks: 350_000, sales: 50_000 },
}

test('counts collections and indexes of a ledger for each of its sales', () => {
  expect(perSale(full, empty, 1_000)).toEqual({
    sales: 1_000,
    bytesPerSale: 400,
    collectionBytesPerSale: 100,
    indexBytesPerSale: 300,
    dataBytesPerSale: 900,
    fixedShare: 0.01,
    bytesPerSaleOf: { blocks: 350, sales: 50 },
  })
})
