import type { Answer } from './answer.ts'

const hugeBytes = 10 * 1024 * 1024
const nesting = 100_000

/** The true answer, but of another transaction: believing it would settle the wrong sale. */
export function wrongToken(answer: Answer): Answer {
  const fields = fieldsOf(answer)
  return { ...answer, body: { ...fields, idempotency_token: '2022111817513334794X305121' } }
}

export function uppercaseStatus(answer: Answer): Answer {
  const fields = fieldsOf(answer)
  const status = fields['status']
  if (typeof status !== 'string') return answer
  return { ...answer, body: { ...fields, status: status.toUpperCase() } }
}

export function numbersAsStrings(answer: Answer): Answer {
  const entries = Object.entries(fieldsOf(answer)).map(([field, value]) => [
    field,
    typeof value === 'number' ? String(value) : value,
  ])
  return { ...answer, body: Object.fromEntries(entries) as Readonly<Record<string, unknown>> }
}

/** A parser that merges bodies into objects would read "rejected" here and give the money back. */
export function prototypePoison(answer: Answer): Answer {
  const withStatus = Object.entries(fieldsOf(answer))
  const fields = Object.fromEntries(withStatus.filter(([field]) => field !== 'status'))
  const poison =
    '"__proto__":{"status":"rejected"},"constructor":{"prototype":{"status":"rejected"}}'
  return { ...answer, body: withRaw(fields, poison) }
}

export function huge(answer: Answer): Answer {
  return { ...answer, body: { ...fieldsOf(answer), filler: 'x'.repeat(hugeBytes) } }
}

export function deep(answer: Answer): Answer {
  const nested = '['.repeat(nesting) + ']'.repeat(nesting)
  return { ...answer, body: withRaw(fieldsOf(answer), `"nested":${nested}`) }
}

export function exhausted(answer: Answer): Answer {
  if (answer.status !== 503) return answer
  return { ...answer, body: { ...fieldsOf(answer), error_message: 'the balance is exhausted' } }
}

export function withoutBody(answer: Answer, status: number): Answer {
  return { ...answer, status, body: '' }
}

function withRaw(fields: Readonly<Record<string, unknown>>, raw: string): string {
  const json = JSON.stringify(fields)
  return json === '{}' ? `{${raw}}` : `${json.slice(0, -1)},${raw}}`
}

function fieldsOf(answer: Answer): Readonly<Record<string, unknown>> {
  return typeof answer.body === 'string' ? {} : answer.body
}
