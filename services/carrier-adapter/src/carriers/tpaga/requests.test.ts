import { expect, test } from '@jest/globals'
import { aBundleJob } from '../../testing/jobs.ts'
import { carrierRequest, purchaseBody, type PackageCodes } from './requests.ts'

const bodyOf = (code: string, codes: PackageCodes) => {
  const bundle = { provider: '58', code, name: 'x' }
  const job = aBundleJob({ bundle })
  return { job, body: JSON.parse(purchaseBody(job, bundle, codes)) as Record<string, unknown> }
}

test('a purchase has the fields of the document and no others', () => {
  const { job, body } = bodyOf('024', 'string')
  expect(body).toEqual({
    idempotency_token: job.topupId,
    amount: job.carrierAmount,
    provider_code: '58',
    destination_number: job.number,
    payment_token: job.topupId,
    package_code: '024',
  })
})

test.each([
  ['024', 'string', '58', '024'],
  ['024', 'integer', 58, 24],
  ['767', 'integer', 58, 767],
  ['A7', 'integer', 58, 'A7'],
  ['99999999999999999999', 'integer', 58, '99999999999999999999'],
] as const)('the code %s is sent as %s', (code, codes, provider, sent) => {
  expect(bodyOf(code, codes).body).toMatchObject({ provider_code: provider, package_code: sent })
  expect(carrierRequest(bodyOf(code, codes).job, codes).bundle?.code).toBe(sent)
})
