/**
 * The passwords and keys of docker-compose.yml and docker-compose.cluster.yml, each as a file. Safe to repeat: a file that is there stays. To change
 * one, delete it, run this again and then `docker compose up -d --force-recreate`. Plain JavaScript without dependencies.
 *
 *   node apps/stack/compose-secrets.mjs [FOLDER]     .compose/secrets, or SECRETS_DIR
 */
import { Buffer } from 'node:buffer'
import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

const folder = resolve(process.argv[2] ?? process.env.SECRETS_DIR ?? '.compose/secrets')
const secret = (bytes = 24) => randomBytes(bytes).toString('base64url')

/** Suffixes of the members' names in docker-compose.cluster.yml. */
const members = ['', '-2', '-3']

// The folder is closed to other users; each file is readable, since every container has a user of its own.
mkdirSync(folder, { recursive: true, mode: 0o700 })

function keep(name, make) {
  const file = join(folder, name)
  if (!existsSync(file)) writeFileSync(file, make(), { mode: 0o444 })
  return readFileSync(file, 'utf8')
}

/** Generated from kept files at each run, so that it always agrees with them. */
function write(name, text) {
  writeFileSync(join(folder, name), text, { mode: 0o644 })
}

keep('jwt_secret', () => secret(48))
keep('service_token', () => secret())
keep('tpaga_api_key', () => `sandbox-${secret(12)}`)
keep('grafana_admin_password', () => secret())

// The members of the replica set authenticate with it; mongod accepts base64 only.
keep('mongo_keyfile', () => randomBytes(567).toString('base64'))
const options = 'replicaSet=rs0&authSource=admin'
// A member that does not answer for three seconds is given up (docs/operating.md, Several members).
const memberOptions = 'heartbeatFrequencyMS=1000&connectTimeoutMS=2000'
const rootPassword = keep('mongo_root_password', () => secret())
for (const service of ['ledger', 'adapter']) {
  const name = `recargas_${service}`
  const uri = keep(
    `mongodb_uri_${service}`,
    () => `mongodb://${name}:${secret()}@mongo:27017/${name}?${options}`,
  )
  writeForMembers(`mongodb_uri_${service}`, uri)
  // The operator's commands restore, drill and rebuild, which no service's user may.
  const asRoot = uri.replace(/\/\/[^@]*@/, `//root:${rootPassword}@`)
  write(`mongodb_uri_root_${service}`, asRoot)
  writeForMembers(`mongodb_uri_root_${service}`, asRoot)
}

// Reads the databases of both, for backups: one user, at two addresses.
const auditor = keep(
  'mongodb_uri_auditor_ledger',
  () => `mongodb://recargas_auditor:${secret()}@mongo:27017/recargas_ledger?${options}`,
)
const auditorOfAdapter = keep('mongodb_uri_auditor_adapter', () =>
  auditor.replace('/recargas_ledger?', '/recargas_adapter?'),
)
writeForMembers('mongodb_uri_auditor_ledger', auditor)
writeForMembers('mongodb_uri_auditor_adapter', auditorOfAdapter)

keep('rabbitmq_cookie', () => secret())
const services = ['gateway', 'ledger', 'adapter'].map((service) => {
  const address = keep(`amqp_url_${service}`, () => `amqp://${service}:${secret()}@rabbitmq:5672`)
  const all = members.map((number) => address.replace('@rabbitmq:', `@rabbitmq${number}:`))
  write(`amqp_url_${service}_cluster`, [...new Set(all)].join(','))
  const url = new URL(address)
  return brokerUser(decodeURIComponent(url.username), decodeURIComponent(url.password), [])
})
const operationsPassword = keep('rabbitmq_operations_password', () => secret())
const operations = brokerUser('operations', operationsPassword, ['administrator'])
write('amqp_url_operations', `amqp://operations:${operationsPassword}@rabbitmq:5672`)
const users = [...services, operations]
// The services' names there are those of their first definition, whatever their address calls them.
const rights = JSON.parse(
  readFileSync(new URL('../../ops/rabbitmq/rights.json', import.meta.url), 'utf8'),
)
const eventExchange = 'topup.evt.v1'
const durable = { durable: true, auto_delete: false, internal: false, arguments: {} }
const everything = { configure: '.*', write: '.*', read: '.*', eventKeys: '.*' }
const allowed = [...['gateway', 'ledger', 'adapter'].map((service) => rights[service]), everything]
const grants = users.map(({ name }, index) => ({ user: name, vhost: '/', ...allowed[index] }))
write(
  'rabbitmq_definitions.json',
  JSON.stringify(
    {
      users,
      vhosts: [{ name: '/' }],
      permissions: grants.map(({ user, vhost, configure, write, read }) => ({
        ...{ user, vhost, configure, write, read },
      })),
      // A broker refuses rights to the topics of an exchange that it does not know yet. Services declare the same one.
      exchanges: [{ name: eventExchange, vhost: '/', type: 'topic', ...durable }],
      topic_permissions: grants.map(({ user, vhost, eventKeys }) => ({
        ...{ user, vhost, exchange: eventExchange, write: eventKeys, read: '.*' },
      })),
    },
    null,
    2,
  ),
)
console.log(`secrets in ${folder}`)

/** The same database at all members. Addresses of servers elsewhere name their members themselves. */
function writeForMembers(name, uri) {
  const all = members.map((number) => `mongo${number}:27017`).join(',')
  const cluster = uri.replace('@mongo:27017/', `@${all}/`)
  write(`${name}_cluster`, cluster === uri ? uri : `${cluster}&${memberOptions}`)
}

/** As the broker keeps a password: a salt, and the hash of salt and password. */
function brokerUser(name, password, tags) {
  const salt = randomBytes(4)
  const hash = createHash('sha256').update(salt).update(password).digest()
  return {
    name,
    password_hash: Buffer.concat([salt, hash]).toString('base64'),
    hashing_algorithm: 'rabbit_password_hashing_sha256',
    tags,
  }
}
