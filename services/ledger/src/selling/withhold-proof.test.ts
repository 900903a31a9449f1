import { expect, test } from '@jest/globals'
import type { MerchantId, OperationId } from '@recargas/contracts'
import { withholdProof } from './withhold-proof.ts'

const id = '00000000-0000-4000-8000-000000000001' as OperationId
const merchant = 'principal' as MerchantId

test('no unknown operation is proven to be never accepted while sales are paused', async () => {
  let isSelling = false
  const { operation } = withholdProof(
    {
      operation: (_, __, acceptUntil) =>
        Promise.resolve({ kind: 'absent', neverAccepted: acceptUntil !== null }),
    },
    () => isSelling,
  )
  expect(await operation(merchant, id, 1)).toEqual({ kind: 'absent', neverAccepted: false })
  isSelling = true
  expect(await operation(merchant, id, 1)).toEqual({ kind: 'absent', neverAccepted: true })
})
