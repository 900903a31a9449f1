import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type { SandboxOptions } from './sandbox.ts'

const whole = (least: number, most: number) => z.coerce.number().int().min(least).max(most)

/** Every setting of the process; each may also be given as a file named by NAME_FILE. */
const Settings = z.object({
  PORT: whole(0, 65_535).default(3003),
  HOST: z.string().min(1).default('127.0.0.1'),
  TPAGA_API_KEY: z.string({ error: 'is required: the api-key that is let in' }).min(1),
  SANDBOX_BALANCE: whole(0, Number.MAX_SAFE_INTEGER).optional(),
  SANDBOX_MAX_LOAN: whole(0, Number.MAX_SAFE_INTEGER).optional(),
  SANDBOX_LATENCY_MS: whole(0, 60_000).optional(),
  SANDBOX_SEED: whole(0, 4_294_967_295).optional(),
  SANDBOX_STATE_FILE: z.string().min(1).optional(),
})

type Environment = Readonly<Record<string, string | undefined>>
export type Config =
  | { readonly kind: 'valid'; readonly options: SandboxOptions }
  | { readonly kind: 'invalid'; readonly problems: readonly string[] }

/** Reads the settings. @returns all that is wrong with them at once, not only the first */
export function readConfig(environment: Environment = process.env): Config {
  const problems: string[] = []
  const given: Record<string, string> = {}
  for (const name of Object.keys(Settings.shape)) {
    const value = valueOf(environment, name, problems)
    if (value !== undefined) given[name] = value
  }
  const parsed = Settings.safeParse(given)
  for (const issue of parsed.error?.issues ?? []) {
    problems.push(`${issue.path.join('.')} ${issue.message}`)
  }
  if (!parsed.success || problems.length > 0) return { kind: 'invalid', problems }
  const settings = parsed.data
  return {
    kind: 'valid',
    options: {
      apiKey: settings.TPAGA_API_KEY,
      port: settings.PORT,
      host: settings.HOST,
      balance: settings.SANDBOX_BALANCE,
      maxLoanAmount: settings.SANDBOX_MAX_LOAN,
      latencyMs: settings.SANDBOX_LATENCY_MS,
      seed: settings.SANDBOX_SEED,
      stateFile: settings.SANDBOX_STATE_FILE,
    },
  }
}

function valueOf(environment: Environment, name: string, problems: string[]): string | undefined {
  // A variable that is set but empty counts as not set: compose files pass many of those.
  const direct = environment[name] === '' ? undefined : environment[name]
  const file = environment[`${name}_FILE`]
  if (file === undefined || file === '') return direct
  if (direct !== undefined) {
    problems.push(`${name} and ${name}_FILE are both set`)
    return direct
  }
  try {
    return readFileSync(file, 'utf8').replace(/[\r\n]+$/, '')
  } catch (error) {
    problems.push(`${name}_FILE cannot be read: ${(error as NodeJS.ErrnoException).code ?? ''}`)
    return undefined
  }
}
