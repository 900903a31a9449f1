import { codeWords, type ProblemCode } from './problem-codes.ts'
import { language } from '../language/language.ts'
import { words } from './words.ts'

/** A read or a command that the gateway refused, or that never reached it. */
export type Failure = Error & {
  /** Null where nothing answered. */
  readonly status: number | null
  readonly code: string | null
  /** The gateway's own, in Spanish. */
  readonly sentence: string | null
  /** The operation that the refusal is about; null where it says nothing of an earlier attempt of its key. */
  readonly operationId: string | null
}

type Answer<Value> = {
  readonly data?: Value
  readonly error?: unknown
  readonly response: Response
}

/** The value of an answer. @throws {@link Failure} */
export const valueOf = async <Value>(
  asked: Promise<Answer<Value>>,
): Promise<NonNullable<Value>> => {
  const { data, error, response } = await asked
  if (response.ok && data !== undefined && data !== null) return data
  throw failureOf(response.status, error)
}

/** The value of an answer that may come as JSON or as text, such as a CSV; here it was asked as JSON. @throws {@link Failure} */
export const jsonOf = async <Value>(
  asked: Promise<Answer<Value>>,
): Promise<Exclude<NonNullable<Value>, string>> =>
  (await valueOf(asked)) as Exclude<NonNullable<Value>, string>

/** @param status null where nothing answered */
const failureOf = (status: number | null, error: unknown): Failure => {
  const isObject = typeof error === 'object' && error !== null
  const problem = (isObject ? error : {}) as Readonly<Record<string, unknown>>
  const { code: name, message, id_transaccion: id } = problem
  const code = textOf(name)
  const sentence = textOf(Array.isArray(message) ? message.join(' ') : message)
  const facts = { status, code, sentence, operationId: textOf(id) }
  return Object.assign(new Error(code ?? 'no answer'), facts)
}

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null)

/** Anything else that was thrown is a request without an answer. */
export const asFailure = (thrown: unknown): Failure => {
  const isFailure = typeof thrown === 'object' && thrown !== null && 'status' in thrown
  return isFailure ? (thrown as Failure) : failureOf(null, null)
}

/** The sentence for the person at the till: the gateway's own in Spanish, the code's in English. */
export const sentenceOf = ({ code, sentence }: Pick<Failure, 'code' | 'sentence'>): string => {
  const say = words.value
  if (language.value === 'es') return sentence ?? say.noAnswer
  if (code === null) return say.noAnswer
  return code in codeWords ? codeWords[code as ProblemCode] : say.unknownCode(code)
}
