import type { Express } from 'express'

type Layer = {
  readonly route?: { readonly path: string; readonly methods: Readonly<Record<string, boolean>> }
  readonly handle: { readonly stack?: readonly Layer[] }
}

/** Every route of an application, as "get /path". Express does not expose a router's mount path, so it is left out. */
export const routesOf = (app: Express): readonly string[] =>
  within((app.router as unknown as { readonly stack: readonly Layer[] }).stack)

const within = (layers: readonly Layer[]): readonly string[] =>
  layers.flatMap(({ route, handle }) =>
    route === undefined
      ? within(handle.stack ?? [])
      : Object.keys(route.methods).map((method) => `${method} ${route.path}`),
  )
