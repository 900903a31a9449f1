import { join, relative } from 'node:path'
import type { Servers } from './backend.ts'
import type { PerService } from './service-names.ts'
import type { Stack } from './supervisor.ts'

/** The addresses of everything. */
export const summary = (
  { urls, processes }: Stack,
  servers: Servers,
  folder: string,
  inspect: Partial<PerService<number>>,
): string => {
  const sandbox = processes.sandbox.pid() === null ? [] : [`  sandbox    ${urls.sandbox}`]
  const broker = servers.managementUrl === null ? [] : [`  rabbitmq   ${servers.managementUrl}`]
  const inspectors = Object.entries(inspect).map(
    ([name, port]) => `  inspect    ${name} at 127.0.0.1:${port} (a debugger attaches there)`,
  )
  const members = servers.amqpUrl.split(',').length
  const cluster =
    members === 1
      ? []
      : [
          `  cluster    ${members} members of MongoDB and of RabbitMQ each; two of each service, behind one address`,
        ]
  return [
    ...cluster,
    `  gateway    ${urls.gateway}`,
    `  ledger     ${urls.ledger}`,
    `  adapter    ${urls.adapter}`,
    ...sandbox,
    ...broker,
    // Without the administrator's password: the folder holds an address for reading.
    `  mongodb    ${servers.mongodbUri.replace(/\/\/[^@/]*@/, '//')} (to read: ${join(relative('.', folder) || '.', 'addresses')}, AUDIT_MONGODB_URI)`,
    `  logs       ${join(relative('.', folder) || '.', 'logs')}`,
    ...inspectors,
  ].join('\n')
}
