import { expect, test } from '@jest/globals'
import { defaultPorts } from './service-names.ts'
import { environmentsOf, testSecrets } from './supervisor.ts'

const options = { folder: '/nowhere', mongodbUri: 'mongodb://nowhere', amqpUrl: 'amqp://nowhere' }
const access = {
  amqpUrl: { gateway: 'a', ledger: 'b', adapter: 'c' },
  mongodbUri: { ledger: 'd', adapter: 'e', auditor: 'f' },
}

test('ledger and gateway get one ACCEPT_UNTIL_MS, which a single service may still differ in', () => {
  const environments = environmentsOf(
    { ...options, acceptUntilMs: '20000' },
    defaultPorts,
    testSecrets,
    access,
  )
  expect(environments.ledger['ACCEPT_UNTIL_MS']).toBe('20000')
  expect(environments.gateway['ACCEPT_UNTIL_MS']).toBe('20000')
  const env = { gateway: { ACCEPT_UNTIL_MS: '3000' } }
  const { gateway, ledger } = environmentsOf(
    { ...options, acceptUntilMs: '20000', env },
    defaultPorts,
    testSecrets,
    access,
  )
  expect([gateway['ACCEPT_UNTIL_MS'], ledger['ACCEPT_UNTIL_MS']]).toEqual(['3000', '20000'])
})
