import type { ComponentType } from 'preact'
import type { Role } from '../session/claims.ts'

/** One entry of the navigation. */
export type Screen = {
  /** Its place in the address, `#/vender`. */
  readonly path: string
  /** The name of its link and of its heading, in the language of the moment. */
  readonly title: () => string
  readonly roles: readonly Role[]
  readonly Content: ComponentType
}

/** The screen at a path, or the first that the role may see; null for a role that may see none. */
export const screenAt = (
  screens: readonly Screen[],
  path: string,
  role: Role,
): { readonly shown: Screen | null; readonly offered: readonly Screen[] } => {
  const offered = screens.filter(({ roles }) => roles.includes(role))
  return { shown: offered.find((screen) => screen.path === path) ?? offered[0] ?? null, offered }
}
