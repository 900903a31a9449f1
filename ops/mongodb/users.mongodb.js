/* global require, connect, sleep, print, URL */
// The replica set and the users of a MongoDB with passwords. mongosh --nodb --file users.mongodb.js; safe to repeat.
const { readFileSync } = require('node:fs')

const host = 'mongo:27017'
const primaryTimeoutMs = 60_000
const notYetInitialized = 94
const secret = (name) => readFileSync(`/run/secrets/${name}`, 'utf8').trim()

// Each service sees its own database and no other; its address holds its name, its password and that database. The ledger's
// blocks lie in a second one, where its user only inserts and finds.
const services = [
  { address: new URL(secret('mongodb_uri_ledger')), role: 'ledgerService' },
  { address: new URL(secret('mongodb_uri_adapter')), role: 'readWrite' },
]
// Shared with npm start: the ledger may change nothing of its blocks.
const rights = JSON.parse(readFileSync('/ops/rights.json', 'utf8'))

const password = encodeURIComponent(secret('mongo_root_password'))
const admin = connect(`mongodb://root:${password}@${host}/admin?directConnection=true`)

try {
  admin.runCommand({ replSetGetStatus: 1 })
} catch (error) {
  if (error.code !== notYetInitialized) throw error
  admin.runCommand({ replSetInitiate: { _id: 'rs0', members: [{ _id: 0, host }] } })
}

const deadline = Date.now() + primaryTimeoutMs
while (!admin.hello().isWritablePrimary) {
  if (Date.now() > deadline) throw new Error(`${host} did not become primary`)
  sleep(200)
}

for (const { address, role } of services) {
  const { username, password: pwd, pathname } = address
  const db = pathname.slice(1)
  const own = role in rights
  if (own) {
    const privilegesIn = (database, of) =>
      rights[role][of].flatMap(({ collections, actions }) =>
        collections.map((collection) => ({ resource: { db: database, collection }, actions })),
      )
    const privileges = [...privilegesIn(db, 'ledger'), ...privilegesIn(`${db}_blocks`, 'blocks')]
    if (admin.getRole(role) === null) admin.createRole({ role, privileges, roles: [] })
    else admin.updateRole(role, { privileges, roles: [] })
  }
  const settings = { pwd: decodeURIComponent(pwd), roles: [own ? role : { role, db }] }
  if (admin.getUser(username) === null) admin.createUser({ user: username, ...settings })
  else admin.updateUser(username, settings)
  print(`${username}: ${db}`)
}
