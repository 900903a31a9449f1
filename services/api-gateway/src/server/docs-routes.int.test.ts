import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { runInNewContext } from 'node:vm'
import { startEdge } from '../testing/edge.ts'

let edge: Awaited<ReturnType<typeof startEdge>>
beforeAll(async () => {
  edge = await startEdge()
})
afterAll(() => edge.close())

const open = (path: string) => edge.get(path, { authorization: '' })
/** The files that a browser loads with the page. */
const partsOf = (html: string): string[] =>
  [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address = '']) => address)

test('the page at /docs has all of its parts from the gateway itself', async () => {
  const { status, headers, text } = await open('/docs')
  expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
  const parts = partsOf(text)
  expect(parts).toHaveLength(4)
  for (const part of parts) {
    const answer = await open(part)
    expect([part, answer.status, answer.text.length > 100]).toEqual([part, 200, true])
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
  }
  const start = await open('/docs/start.js')
  expect(start.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
  expect(start.text).toContain("url: '/openapi.json'")
})

type Element = { readonly type: unknown; readonly props: Props; readonly children: unknown[] }
type Props = Readonly<Record<string, unknown>>
type Component = (props: Props) => Element
type Plugin = (system: unknown) => {
  readonly wrapComponents: { readonly response: (whole: unknown) => Component }
}

/** The page's own component for one answer of an operation, drawn without a browser. */
const drawnAnswer = async () => {
  const given: { readonly plugins: readonly Plugin[] }[] = []
  runInNewContext((await open('/docs/start.js')).text, {
    SwaggerUIBundle: (options: (typeof given)[number]) => given.push(options),
  })
  let isOpen = false
  const React = {
    Fragment: 'fragment',
    createElement: (type: unknown, props: Props, ...children: unknown[]) => ({
      type,
      props,
      children: children.filter((child) => typeof child !== 'boolean'),
    }),
    useState: () => [isOpen, (next: boolean) => (isOpen = next)],
  }
  const draw = given[0]?.plugins[0]?.({ React }).wrapComponents.response('whole')
  if (draw === undefined) throw new Error('the page has no plugin')
  return (code: string, description: string) =>
    draw({ code, response: new Map([['description', description]]) })
}

const buttonOf = ({ children }: Element): Element => {
  const [line] = children as [Element]
  const [, cell] = line.children as [Element, Element]
  return cell.children[0] as Element
}

test('an error is a line of its codes until it is opened, and again once it is folded', async () => {
  const draw = await drawnAnswer()
  expect(draw('201', 'sold')).toMatchObject({ type: 'whole', props: { code: '201' } })
  const drawError = () =>
    draw('409', '`DUPLICATE_SUSPECTED`: repetida.\n\n`CURRENCY_MISMATCH`: otra.')
  for (const [isOpen, text] of [
    [false, '▸ DUPLICATE_SUSPECTED, CURRENCY_MISMATCH'],
    [true, '▾ DUPLICATE_SUSPECTED, CURRENCY_MISMATCH'],
    [false, '▸ DUPLICATE_SUSPECTED, CURRENCY_MISMATCH'],
  ] as const) {
    const { children } = drawError()
    expect(children.map((child) => (child as Element).type)).toEqual(
      isOpen ? ['tr', 'whole'] : ['tr'],
    )
    const button = buttonOf(drawError())
    expect([button.props['aria-expanded'], button.children]).toEqual([isOpen, [text]])
    ;(button.props['onClick'] as () => void)()
  }
})

test('its policy lets in nothing from elsewhere, and no inline script, which it has none of', async () => {
  for (const path of ['/docs', '/docs/swagger-ui.css']) {
    const policy = (await open(path)).headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).toMatch(/script-src 'self';/)
    expect(policy).not.toMatch(/https?:|\*|unsafe-eval|upgrade-insecure-requests/)
  }
  const { text } = await open('/docs')
  expect(text).not.toMatch(/<script(?![^>]*src=)[^>]*>|<style|https?:/)
})

test('nothing but the parts of the page is served from there', async () => {
  for (const path of ['/docs/package.json', '/docs/%2e%2e%2fpackage.json', '/docs/index.html']) {
    const { status, body } = await open(path)
    expect([path, status, body['code']]).toEqual([path, 404, 'ROUTE_NOT_FOUND'])
  }
})

test('other pages keep the strict policy of all answers', async () => {
  const { headers } = await edge.get('/operadoras')
  expect(headers.get('content-security-policy')).toContain('upgrade-insecure-requests')
})
