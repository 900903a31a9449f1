import type { ComponentType } from 'preact'
import type { Person, Role } from '../session/claims.ts'

/** One entry of the navigation. */
export type Screen = {
  /** Its place in the address, `#/vender`. */
  readonly path: string
  /** The name of its link and of its heading, in the language of the moment. */
  readonly title: () => string
  readonly roles: readonly Role[]
  /** The token needs it beside the role. */
  readonly scope?: string
  readonly Content: ComponentType
}

/** The screen at a path, or the first that the person may see; null for a person who may see none. `operacion/pared` is of `operacion`. */
export const screenAt = (
  screens: readonly Screen[],
  path: string,
  { role, scopes }: Pick<Person, 'role' | 'scopes'>,
): { readonly shown: Screen | null; readonly offered: readonly Screen[] } => {
  const offered = screens.filter(
    ({ roles, scope }) => roles.includes(role) && (scope === undefined || scopes.includes(scope)),
  )
  const [first = ''] = path.split('/')
  return { shown: offered.find((screen) => screen.path === first) ?? offered[0] ?? null, offered }
}
