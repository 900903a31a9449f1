import { expect, test } from '@jest/globals'
import { isRenewalDue, type Grant } from './grant.ts'

const grant: Grant = {
  token: 't',
  refreshToken: 'r',
  idToken: null,
  lifetimeMs: 600_000,
  receivedAt: 1_000,
  issuer: {
    url: 'https://id.example',
    clientId: 'recargas',
    scope: 'openid',
    claims: { subject: ['sub'], username: [], role: ['rol'], roleId: [], merchant: [], scope: [] },
  },
}

test('an access is renewed a minute before it ends, and a short one in its last quarter', () => {
  const dueAt = (now: number, lifetimeMs: number | null) =>
    isRenewalDue({ ...grant, lifetimeMs }, now)
  expect([dueAt(540_999, 600_000), dueAt(541_000, 600_000)]).toEqual([false, true])
  expect([dueAt(8_499, 10_000), dueAt(8_500, 10_000)]).toEqual([false, true])
})

test('an access that the issuer does not renew, or whose end it does not tell, is left alone', () => {
  expect(isRenewalDue({ ...grant, refreshToken: null }, Infinity)).toBe(false)
  expect(isRenewalDue({ ...grant, lifetimeMs: null }, Infinity)).toBe(false)
})
