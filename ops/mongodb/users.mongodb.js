/* global require, process, connect, sleep, print, URL */
// The replica set and the users of a MongoDB with passwords. mongosh --nodb --file users.mongodb.js; safe to repeat: members that
// MONGO_MEMBERS names and the set lacks are added, one after another.
const { readFileSync } = require('node:fs')

const hosts = (process.env.MONGO_MEMBERS ?? 'mongo:27017').split(',')
const memberTimeoutMs = 60_000
const notYetInitialized = 94
// A primary changes the set itself as well, to give a new member its vote: then it refuses a change meanwhile, or one of the version before.
const setIsChanging = [103, 109, 308]
// A primary that is silent for longer is replaced, so that writes go on within ten seconds; the new one waits no longer for writes that
// no majority has, which nobody was told of.
const settings = {
  electionTimeoutMillis: 3_000,
  heartbeatIntervalMillis: 1_000,
  catchUpTimeoutMillis: 500,
  // A secondary that stands still would hold up another one that reads from it, and so the majority.
  chainingAllowed: false,
}
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
const adminAt = (addresses, options) =>
  connect(`mongodb://root:${password}@${addresses}/admin?${options}`)

/** A set that is there is never made anew, whichever member answers for it. */
const isInitialized = (host) => {
  try {
    adminAt(host, 'directConnection=true').runCommand({ replSetGetStatus: 1 })
    return true
  } catch (error) {
    if (error.code === notYetInitialized) return false
    throw error
  }
}

const until = (awaited, holds) => {
  const deadline = Date.now() + memberTimeoutMs
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`after ${memberTimeoutMs} ms not so: ${awaited}`)
    sleep(200)
  }
}

/** Runs a change of the set, again as long as the set refuses it for one under way. */
const untilTaken = (change) => {
  const deadline = Date.now() + memberTimeoutMs
  for (;;) {
    try {
      return change()
    } catch (error) {
      if (!setIsChanging.includes(error.code) || Date.now() > deadline) throw error
      sleep(200)
    }
  }
}

if (!hosts.map(isInitialized).includes(true)) {
  const [host] = hosts
  const members = [{ _id: 0, host }]
  const first = adminAt(host, 'directConnection=true')
  first.runCommand({ replSetInitiate: { _id: 'rs0', members, settings } })
  until(`${host} is primary`, () => first.hello().isWritablePrimary)
}

const admin = adminAt(hosts.join(','), 'replicaSet=rs0')
const configuration = () => admin.runCommand({ replSetGetConfig: 1 }).config
const grownBy = (host) => {
  const { version, members, ...others } = configuration()
  const _id = Math.max(...members.map((member) => member._id)) + 1
  return {
    ...others,
    version: version + 1,
    members: [...members, { _id, host }],
    settings: { ...others.settings, ...settings },
  }
}
for (const host of hosts) {
  if (configuration().members.some((member) => member.host === host)) continue
  untilTaken(() => admin.runCommand({ replSetReconfig: grownBy(host) }))
  // The set takes one new member at a time, and counts it once it has the data.
  until(`${host} has the data`, () =>
    admin
      .runCommand({ replSetGetStatus: 1 })
      .members.some((member) => member.name === host && member.stateStr === 'SECONDARY'),
  )
  print(`${host}: member of rs0`)
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
  keepUser(username, { pwd: decodeURIComponent(pwd), roles: [own ? role : { role, db }] })
}

// Reads all three databases and changes none: backups.
const [ledger, adapter] = services.map(({ address }) => address.pathname.slice(1))
const auditor = new URL(secret('mongodb_uri_auditor_ledger'))
keepUser(auditor.username, {
  pwd: decodeURIComponent(auditor.password),
  roles: [ledger, `${ledger}_blocks`, adapter].map((db) => ({ role: 'read', db })),
})

function keepUser(user, allowed) {
  if (admin.getUser(user) === null) admin.createUser({ user, ...allowed })
  else admin.updateUser(user, allowed)
  print(user)
}
