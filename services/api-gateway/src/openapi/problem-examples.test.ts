import { expect, test } from '@jest/globals'
import { problemTable } from '../edge/problem-table.ts'
import { ProblemBody } from '../edge/wire.ts'
import { problemExamples } from './problem-examples.ts'

const examples = problemExamples()

test.each(Object.entries(problemTable))(
  '%s has an example that is one of its answers',
  (code, row) => {
    const body = ProblemBody.parse(examples[code]?.value)
    expect(body).toMatchObject({ code, status: row.status, title: row.title })
    expect(JSON.stringify(body)).not.toMatch(/undefined|\?"/)
  },
)
