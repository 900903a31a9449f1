/* global require, connect, sleep, print, URL */
// The replica set and the users of a MongoDB with passwords. mongosh --nodb --file users.mongodb.js; safe to repeat.
const { readFileSync } = require('node:fs')

const host = 'mongo:27017'
const primaryTimeoutMs = 60_000
const notYetInitialized = 94
const secret = (name) => readFileSync(`/run/secrets/${name}`, 'utf8').trim()

// Each service owns one database and sees no other; its address holds its name, its password and that database.
const owners = ['mongodb_uri_ledger', 'mongodb_uri_adapter'].map((name) => new URL(secret(name)))

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

for (const { username, password: pwd, pathname } of owners) {
  const db = pathname.slice(1)
  const roles = [{ role: 'readWrite', db }]
  const settings = { pwd: decodeURIComponent(pwd), roles }
  if (admin.getUser(username) === null) admin.createUser({ user: username, ...settings })
  else admin.updateUser(username, settings)
  print(`${username}: ${db}`)
}
