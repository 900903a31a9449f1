import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readConfig } from '@recargas/service'
import { z } from 'zod'

export type Target = { readonly ledgerUrl: string; readonly serviceToken: string }

const Given = z.object({ LEDGER_URL: z.url({ protocol: /^https?$/ }), SERVICE_TOKEN: z.string() })
const Settings = Given.partial().extend({
  PORT_BASE: z.coerce.number().int().min(0).max(65_534).default(3_000),
  STACK_DIR: z.string().default('.stack'),
})

/**
 * Which ledger to ask: LEDGER_URL and SERVICE_TOKEN (each also as NAME_FILE), else the one that `npm start` runs, with
 * the token it keeps.
 * @throws with what to set
 */
export const readTarget = (environment = process.env): Target => {
  const settings = readConfig(Settings, environment)
  if (settings.kind === 'invalid') throw new Error(settings.problems.join('\n'))
  const { LEDGER_URL, SERVICE_TOKEN, PORT_BASE, STACK_DIR } = settings.config
  const serviceToken = SERVICE_TOKEN ?? keptToken(join(STACK_DIR, 'env'))
  if (serviceToken === null) {
    throw new Error(
      `which ledger? Set LEDGER_URL and SERVICE_TOKEN, or run npm start: nothing is kept in ${STACK_DIR}`,
    )
  }
  return { ledgerUrl: LEDGER_URL ?? `http://127.0.0.1:${PORT_BASE + 1}`, serviceToken }
}

const keptToken = (file: string): string | null => {
  if (!existsSync(file)) return null
  return /^SERVICE_TOKEN=(.+)$/m.exec(readFileSync(file, 'utf8'))?.[1] ?? null
}
