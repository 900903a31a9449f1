import { expect, it } from '@jest/globals'
import { everyPage } from '../openapi/public-operations.ts'
import { createMethodsOf } from './methods.ts'

const routes = [
  { method: 'post', path: '/cajas' },
  { method: 'get', path: '/cajas' },
  { method: 'get', path: '/cajas/:id' },
  { method: 'patch', path: '/cajas/:id' },
  { method: 'post', path: '/cajas/abrir' },
] as const
const methodsOf = createMethodsOf(routes, everyPage)

it.each([
  ['/cajas', ['POST', 'GET', 'HEAD']],
  ['/cajas/', ['POST', 'GET', 'HEAD']],
  ['/cajas/7', ['GET', 'HEAD', 'PATCH']],
  ['/cajas/abrir', ['POST']],
  ['/Cajas/Abrir', ['POST']],
  ['/live', ['GET', 'HEAD']],
  ['/cajas/7/8', []],
  ['/otra', []],
])('%s has %j', (path, methods) => {
  expect(methodsOf(path)).toEqual(methods)
})

it.each([
  ['/docs', { docs: false, metrics: true }],
  ['/openapi.json', { docs: false, metrics: true }],
  ['/metrics', { docs: true, metrics: false }],
])('%s has no methods where it is shut, and the pages beside it keep theirs', (path, pages) => {
  const methodsWithout = createMethodsOf(routes, pages)
  expect([methodsOf(path), methodsWithout(path)]).toEqual([['GET', 'HEAD'], []])
  expect(methodsWithout('/ready')).toEqual(['GET', 'HEAD'])
  expect(methodsWithout(pages.docs ? '/docs' : '/metrics')).toEqual(['GET', 'HEAD'])
})
