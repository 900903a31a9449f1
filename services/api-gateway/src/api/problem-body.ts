import { STATUS_CODES } from 'node:http'
import type { Problem } from './problem.ts'
import { problemTable } from './problem-table.ts'

/** One body for both vocabularies: RFC 9457, and the fields that existing POS clients read. Never a stack trace. */
export const problemBody = (problem: Problem, path: string, now: number) => {
  const { status, wording, detail, field } = problem
  const { title } = problemTable[problem.code]
  return {
    type: `urn:recargas:error:${problem.code}`,
    title,
    status,
    detail,
    instance: path,
    code: problem.code,
    statusCode: status,
    timestamp: new Date(now).toISOString(),
    path,
    message: wording,
    error_detail: status === 401 ? null : (STATUS_CODES[status] ?? null),
    ...(field === undefined ? {} : { campo: field }),
    ...problem.extra.members,
  }
}
