import { join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import compression from 'compression'
import express, { type Request, type RequestHandler, type Router } from 'express'
import type { ClaimNames } from '../auth/claims.ts'
import { claimNamesOf } from '../auth/tokens.ts'
import type { GatewaySettings } from '../config.ts'

/** The folder that the build of web/ writes, from the sources as from the images. */
export const builtScreen = fileURLToPath(new URL('../../../../web/dist', import.meta.url))

/** Nothing comes from elsewhere, nothing inline runs, and no other page may frame it. Only the issuer is asked beside the gateway. */
const contentSecurityPolicy = ({ issuer }: SignInSettings): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    issuer === null ? "connect-src 'self'" : `connect-src 'self' ${new URL(issuer).origin}`,
    "manifest-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')

/** Facts that the screen needs to sign a person in. None of them is secret. */
export type SignInSettings = {
  /** Null where tokens come from elsewhere. */
  readonly issuer: string | null
  readonly clientId: string | null
  readonly scope: string
  readonly claimNames: ClaimNames
}

export const signInSettingsOf = (settings: GatewaySettings): SignInSettings => ({
  issuer: settings.OIDC_ISSUER ?? null,
  clientId: settings.OIDC_CLIENT_ID ?? null,
  scope: settings.OIDC_SCOPE,
  claimNames: claimNamesOf(settings),
})

/** The build names an asset by its content: another content has another name. */
const assetCache = 'public, max-age=31536000, immutable'
const pageCache = 'no-cache'

const notBuilt = `<!doctype html>
<html lang="es">
  <head>
    <meta charset="utf-8" />
    <title>Recargas</title>
  </head>
  <body>
    <p>La pantalla de la tienda no está construida en este gateway (npm run build -w web).</p>
  </body>
</html>
`

/**
 * GET /tienda, the shop's own screen, public as any page is: its requests bring the token. / redirects there. The files are
 * looked for at each request, so a screen that is built later needs no restart.
 */
export const screenRoutes = (folder: string, signIn: SignInSettings): Router => {
  const router = express.Router()
  const files = express.static(folder, staticOptions(folder))
  const page = sendPage(files)
  router.use((request, response, next) => {
    if (request.method === 'GET' && request.path === '/') response.redirect('/tienda')
    else next()
  })
  router.use('/tienda', guarded(contentSecurityPolicy(signIn)), compression())
  router.get('/tienda/acceso', (_request, response) => {
    response.set('cache-control', pageCache).json(signInBody(signIn))
  })
  router.get('/tienda', page)
  router.use('/tienda', files)
  router.use('/tienda', (request, response, next) => {
    if (isNavigation(request)) page(request, response, next)
    else next()
  })
  return router
}

/** The screen asks for it before anybody is signed in: a page without inline script cannot be told otherwise. */
const signInBody = ({ issuer, clientId, scope, claimNames }: SignInSettings) => ({
  emisor: issuer,
  cliente: clientId,
  alcance: scope,
  reclamos: {
    sujeto: claimNames.subject,
    nombre: claimNames.username,
    rol: claimNames.role,
    id_rol: claimNames.roleId,
    comercio: claimNames.merchant,
    alcance: claimNames.scope,
  },
})

const guarded =
  (policy: string): RequestHandler =>
  (_request, response, next) => {
    response.locals['route'] = '/tienda'
    response.set({
      'content-security-policy': policy,
      // The page is at /tienda, which the worker's own folder /tienda/ does not include.
      'service-worker-allowed': '/tienda',
    })
    next()
  }

const staticOptions = (folder: string): Parameters<typeof express.static>[1] => {
  const assets = join(folder, 'assets') + sep
  return {
    index: false,
    redirect: false,
    cacheControl: false,
    setHeaders: (response, path) => {
      response.setHeader('cache-control', path.startsWith(assets) ? assetCache : pageCache)
    },
  }
}

/** By the same handler as every file, which gives the page an ETag: an older build put back is not taken for a newer one. */
const sendPage =
  (files: RequestHandler): RequestHandler =>
  (request, response, next) => {
    request.url = '/index.html'
    void files(request, response, (error?: unknown) => {
      if (error === undefined) response.status(404).type('html').send(notBuilt)
      else next(error)
    })
  }

/** A person's browser opens an address; a script that asks for a missing file gets no page for it. */
const isNavigation = (request: Request): boolean => {
  if (request.method !== 'GET' && request.method !== 'HEAD') return false
  const mode = request.get('sec-fetch-mode')
  return mode === undefined
    ? (request.get('accept') ?? '').includes('text/html')
    : mode === 'navigate'
}
