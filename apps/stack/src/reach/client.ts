import { z } from 'zod'
import { CannotRun, Wrong, type SettingName, type Settings } from './target.ts'

export type Service = 'gateway' | 'ledger' | 'adapter'

type Request = {
  readonly method?: 'GET' | 'POST'
  readonly body?: unknown
  /** Else the service token. */
  readonly token?: string
  readonly timeoutMs?: number
  readonly headers?: Readonly<Record<string, string>>
}

const urlNames: Readonly<Record<Service, SettingName>> = {
  gateway: 'GATEWAY_URL',
  ledger: 'LEDGER_URL',
  adapter: 'ADAPTER_URL',
}
const timeoutMs = 10_000

export const urlOf = (settings: Settings, service: Service): string =>
  settings.need(urlNames[service])

/** Sends a request and returns any answer. @throws CannotRun without an answer */
export const send = async (
  settings: Settings,
  service: Service,
  path: string,
  request: Request = {},
): Promise<{ readonly status: number; readonly body: unknown }> => {
  const url = new URL(path, urlOf(settings, service))
  const { body, token = settings.need('SERVICE_TOKEN') } = request
  try {
    const response = await fetch(url, {
      method: request.method ?? 'GET',
      headers: {
        ...request.headers,
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(request.timeoutMs ?? timeoutMs),
    })
    return { status: response.status, body: await response.json().catch(() => null) }
  } catch (cause) {
    throw new CannotRun(
      `the ${service} does not answer at ${url.origin}: start it, or set ${urlNames[service]}`,
      { cause },
    )
  }
}

/** Asks for something that must be there. @returns null for 404 */
export const ask = async <Schema extends z.ZodType>(
  settings: Settings,
  service: Service,
  path: string,
  schema: Schema,
  request: Request = {},
): Promise<z.output<Schema> | null> => {
  const { status, body } = await send(settings, service, path, request)
  if (status === 404) return null
  if (status >= 200 && status < 300) return schema.parse(body)
  throw refusalOf(service, status, body)
}

const Refusal = z.object({
  code: z.string(),
  message: z.union([z.string(), z.array(z.string())]).optional(),
  detail: z.string().optional(),
  problems: z.array(z.string()).optional(),
})

const whatToDo: Readonly<Record<string, string>> = {
  UNAUTHORIZED: 'SERVICE_TOKEN is not the one the services run with',
  TOKEN_INVALID: 'the token does not count here: --token or OPS_TOKEN of an Administrador',
  UNAVAILABLE: 'its database does not answer: npm run ops -- status',
}

const refusalOf = (service: Service, status: number, body: unknown): Error => {
  const { code, message, detail, problems } = Refusal.catch({ code: `HTTP ${status}` }).parse(body)
  const said = [whatToDo[code], detail ?? message, problems].flat().filter(Boolean).join('; ')
  const text = `the ${service} says ${code}${said === '' ? '' : `: ${said}`}`
  return status > 401 && status < 500 ? new Wrong(text) : new CannotRun(text)
}
