import { join, relative } from 'node:path'
import type { Servers } from './backend.ts'
import type { Stack } from './supervisor.ts'

/** Where everything is. */
export const summary = ({ urls, processes }: Stack, servers: Servers, folder: string): string => {
  const sandbox = processes.sandbox.pid() === null ? [] : [`  sandbox    ${urls.sandbox}`]
  const broker = servers.managementUrl === null ? [] : [`  rabbitmq   ${servers.managementUrl}`]
  return [
    `  gateway    ${urls.gateway}`,
    `  ledger     ${urls.ledger}`,
    `  adapter    ${urls.adapter}`,
    ...sandbox,
    ...broker,
    // Without the administrator's password: who only reads finds an address in the folder.
    `  mongodb    ${servers.mongodbUri.replace(/\/\/[^@/]*@/, '//')} (to read: ${join(relative('.', folder) || '.', 'addresses')}, AUDIT_MONGODB_URI)`,
    `  logs       ${join(relative('.', folder) || '.', 'logs')}`,
  ].join('\n')
}
