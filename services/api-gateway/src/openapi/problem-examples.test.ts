import { expect, test } from '@jest/globals'
import { problemTable } from '../edge/problem-table.ts'
import { ProblemBody } from '../edge/wire.ts'
import { problemsOf } from '../edge/problems-of.ts'
import { gatewayRoutes } from '../routes.ts'
import { problemExamples } from './problem-examples.ts'

const routes = gatewayRoutes({ reads: {} } as Parameters<typeof gatewayRoutes>[0])
const examples = problemExamples(routes)

test.each(Object.entries(problemTable))(
  '%s has an example that is one of its answers',
  (code, row) => {
    const body = ProblemBody.parse(examples[code]?.value)
    expect(body).toMatchObject({ code, status: row.status, title: row.title })
    expect(JSON.stringify(body)).not.toMatch(/undefined|\?"/)
    const answering = routes.filter((route) => problemsOf(route).some((known) => known === code))
    const paths = answering.map(({ path }) => new RegExp(`^${path.replaceAll(/:\w+/g, '\\w+')}$`))
    expect(answering.length === 0 || paths.some((path) => path.test(body.path))).toBe(true)
  },
)
