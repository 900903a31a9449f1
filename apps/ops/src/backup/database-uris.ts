import type { Command } from 'commander'
import type { Settings } from '@recargas/stack/reach/target'
import type { Service } from './service-users.ts'

export type Uris = { readonly ledgerUri?: string; readonly adapterUri?: string }

export const urisOf = (settings: Settings, options: Uris): Readonly<Record<Service, string>> => ({
  ledger: options.ledgerUri ?? settings.need('LEDGER_MONGODB_URI'),
  adapter: options.adapterUri ?? settings.need('ADAPTER_MONGODB_URI'),
})

export const withUris = (command: Command): Command =>
  command
    .option('--ledger-uri <uri>', 'the ledger’s database (LEDGER_MONGODB_URI)')
    .option('--adapter-uri <uri>', 'the adapter’s database (ADAPTER_MONGODB_URI)')
