import { expect, it } from '@jest/globals'
import { createMethodsOf } from './methods.ts'

const methodsOf = createMethodsOf([
  { method: 'post', path: '/cajas' },
  { method: 'get', path: '/cajas' },
  { method: 'get', path: '/cajas/:id' },
  { method: 'patch', path: '/cajas/:id' },
  { method: 'post', path: '/cajas/abrir' },
])

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
