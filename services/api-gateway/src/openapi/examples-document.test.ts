import { expect, test } from '@jest/globals'
import { gatewayRoutes, type GatewayDeps } from '../routes.ts'
import { openApiDocument } from './document.ts'
import { pathTemplate } from './operation.ts'

type Content = Readonly<Record<string, { readonly example?: unknown }>>
type DocumentedOperation = {
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>
}

const routes = gatewayRoutes({ reads: {} } as GatewayDeps)
const { paths } = openApiDocument(routes) as unknown as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentedOperation>>>>
}

const replies = routes.flatMap((route) =>
  route.contract.replies.flatMap(({ body, status, type = 'application/json' }) =>
    // Bytes have no example in a text.
    body === undefined || type === 'application/octet-stream'
      ? []
      : [{ method: route.method, path: route.path, status, type, body }],
  ),
)

test.each(replies)(
  '$method $path $status $type has an example that fits its schema',
  ({ method, path, status, type, body }) => {
    const documented = paths[pathTemplate(path)]?.[method]?.responses[status]
    const example = documented?.content?.[type]?.example
    expect(body.safeParse(example)).toEqual({ success: true, data: example })
  },
)

test('the health operations have an example of each answer', () => {
  const of = (path: string) =>
    Object.values(paths[path]?.['get']?.responses ?? {}).map(
      ({ content }) => content?.['application/json']?.example,
    )
  expect([...of('/live'), ...of('/ready')]).toEqual([
    expect.objectContaining({ live: true }),
    expect.objectContaining({ ready: true }),
    expect.objectContaining({ ready: false }),
  ])
})
