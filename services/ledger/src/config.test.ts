import { readConfig } from '@recargas/service'
import { describe, expect, test } from '@jest/globals'
import { Settings } from './config.ts'

const settingsWith = (mongodbUri: string) =>
  readConfig(Settings, {
    MONGODB_URI: mongodbUri,
    AMQP_URL: 'amqp://localhost',
    SERVICE_TOKEN: 'a-token-of-a-test',
  })

describe('the ledger’s database', () => {
  test.each([
    'mongodb://localhost:27017/recargas_ledger?replicaSet=rs0',
    'mongodb://one:27017,two:27017,three:27017/recargas_ledger?replicaSet=rs0',
    'mongodb+srv://ledger:secret@cluster.example/recargas_ledger',
  ])('may be named with one host, with all members of a replica set, or by DNS: %s', (uri) => {
    expect(settingsWith(uri).kind).toBe('ok')
  })

  test.each(['postgres://localhost/recargas_ledger', 'mongodb://localhost:27017/?replicaSet=rs0'])(
    'must be MongoDB’s, and named: %s',
    (uri) => {
      expect(settingsWith(uri)).toMatchObject({ kind: 'invalid' })
    },
  )
})
