import { defaultClientConditions, defineConfig } from 'vite'

const gateway = 'http://127.0.0.1:3000'
const routes = [
  '/recargas',
  '/operadoras',
  '/cajas',
  '/paquetes',
  '/incidencias',
  '/eventos',
  '/operacion',
]

/** Nothing is inlined into the page: the gateway's Content-Security-Policy allows files of its own only. */
export default defineConfig({
  base: '/tienda/',
  resolve: { conditions: ['@recargas/source', ...defaultClientConditions] },
  build: { target: 'es2022', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  server: { proxy: Object.fromEntries(routes.map((route) => [route, gateway])) },
})
