import { createRequire } from 'node:module'
import express, { type RequestHandler, type Router } from 'express'
import type { OpenApiDocument } from '../openapi/document.ts'

const require = createRequire(import.meta.url)

/** Swagger UI's own files; the page and its start are ours, so that nothing inline runs and nothing comes from elsewhere. */
const parts: ReadonlyMap<string, () => string> = new Map([
  ['/swagger-ui.css', () => require.resolve('swagger-ui-dist/swagger-ui.css')],
  ['/swagger-ui-bundle.js', () => require.resolve('swagger-ui-dist/swagger-ui-bundle.js')],
  ['/favicon-32x32.png', () => require.resolve('swagger-ui-dist/favicon-32x32.png')],
])

const page = `<!doctype html>
<html lang="es">
  <head>
    <meta charset="utf-8" />
    <title>Recargas</title>
    <link rel="stylesheet" href="/docs/swagger-ui.css" />
    <link rel="icon" type="image/png" href="/docs/favicon-32x32.png" />
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
`

/** Each status of errors is one line that lists its codes until it is opened, so that the answers of a sale stand out. */
const start = `const style = {
  background: 'none',
  border: 0,
  color: 'inherit',
  cursor: 'pointer',
  font: 'inherit',
  padding: 0,
  textAlign: 'left',
}
const foldErrors = ({ React: { createElement, Fragment, useState } }) => ({
  wrapComponents: {
    response: (Response) => (props) => {
      const [isOpen, setOpen] = useState(false)
      if (!/^[45]/.test(props.code)) return createElement(Response, props)
      const description = String(props.response.get('description'))
      const codes = [...description.matchAll(/\`([A-Z_]+)\`/g)].map(([, code]) => code)
      const button = createElement(
        'button',
        {
          type: 'button',
          'aria-expanded': isOpen,
          onClick: () => setOpen(!isOpen),
          style,
        },
        (isOpen ? '▾ ' : '▸ ') + (codes.join(', ') || description),
      )
      const line = createElement(
        'tr',
        { className: 'response folded' },
        createElement('td', { className: 'response-col_status' }, isOpen ? '' : props.code),
        createElement('td', { className: 'response-col_description', colSpan: 2 }, button),
      )
      return createElement(Fragment, null, line, isOpen && createElement(Response, props))
    },
  },
})
SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  defaultModelsExpandDepth: -1,
  plugins: [foldErrors],
  // Without it the document would be sent to a validator on the internet.
  validatorUrl: null,
})
`

/** Styles are set by the page's own script; no request may leave for anywhere but here. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/**
 * GET /openapi.json and /docs, public; / redirects there. The document is built at its first request: no start waits for it.
 */
export const docsRoutes = (makeDocument: () => OpenApiDocument): Router => {
  const router = express.Router()
  let text: string | null = null
  router.use((request, response, next) => {
    if (request.method === 'GET' && request.path === '/') response.redirect('/docs')
    else next()
  })
  router.get('/openapi.json', named('/openapi.json'), (_request, response) => {
    text ??= JSON.stringify(makeDocument())
    response.type('json').send(text)
  })
  router.get('/docs', named('/docs'), guarded, (_request, response) => {
    response.type('html').send(page)
  })
  router.use('/docs', named('/docs'), guarded, files)
  return router
}

/** The route's name in logs and figures. */
const named =
  (path: string): RequestHandler =>
  (_request, response, next) => {
    response.locals['route'] = path
    next()
  }

const guarded: RequestHandler = (_request, response, next) => {
  response.set('content-security-policy', contentSecurityPolicy)
  next()
}

/** Looked for when asked for: where they are missing, only this page is. */
const files: RequestHandler = (request, response, next) => {
  const locate = parts.get(request.path)
  if (request.method !== 'GET') next()
  else if (request.path === '/start.js') response.type('js').send(start)
  else if (locate === undefined) next()
  else response.sendFile(locate())
}
