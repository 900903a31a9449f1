import type { Facts } from './problem-row.ts'
import { problemTable, type ProblemCode } from './problem-table.ts'

type Extra = {
  /** Replaces the table's sentence, such as the list of all fields that are wrong. */
  readonly message?: string | readonly string[]
  /** Replaces the table's words for the developer. */
  readonly detail?: string
  /** More members of the body, in the POS's words. */
  readonly members?: Readonly<Record<string, unknown>>
  readonly headers?: Readonly<Record<string, string>>
  readonly cause?: unknown
}

/** Any answer of the gateway that is not a success: a stable code, and the facts for the table's sentence. */
export class Problem extends Error {
  readonly code: ProblemCode
  readonly facts: Facts
  readonly extra: Extra

  constructor(code: ProblemCode, facts: Facts = {}, extra: Extra = {}) {
    super(code, { cause: extra.cause })
    this.name = 'Problem'
    this.code = code
    this.facts = facts
    this.extra = extra
  }

  get status(): number {
    return problemTable[this.code].status
  }

  /** The sentence for the POS's screen. */
  get wording(): string | readonly string[] {
    return this.extra.message ?? problemTable[this.code].message(this.facts)
  }

  /** The sentence for the POS's developer. */
  get detail(): string {
    const { message, detail } = this.extra
    if (detail !== undefined) return detail
    if (message !== undefined) return typeof message === 'string' ? message : message.join(' ')
    const row = problemTable[this.code]
    return (row.detail ?? row.message)(this.facts)
  }

  /** The field, parameter or header that is wrong; undefined where no single one is. */
  get field(): string | undefined {
    return problemTable[this.code].field?.(this.facts)
  }
}
