import { PersonName, WrittenReason } from '@recargas/contracts'
import { mintToken, type Holder } from '@recargas/stack/mint-token'
import { CannotRun, type Settings } from '@recargas/stack/reach/target'
import { terminal } from '@recargas/stack/reach/terminal'

/** The actor's name in the audit: a real person's, never a tool's. */
export const personOf = (settings: Settings, by: string | undefined): string => {
  const given = by ?? settings.find('OPS_BY')
  if (given === undefined) {
    throw new CannotRun('no name: give --by NAME, or set OPS_BY; the audit records it')
  }
  const parsed = PersonName.safeParse(given)
  if (parsed.success) return parsed.data
  const source = by === undefined ? 'OPS_BY' : '--by'
  throw new CannotRun(`${source} ${JSON.stringify(given)}: a name of 2 to 80 characters`)
}

/** The actor's reason in the audit. */
export const reasonOf = (given: string | undefined, needed: string): string => {
  const parsed = WrittenReason.safeParse(given)
  if (parsed.success) return parsed.data
  throw new CannotRun(`--reason: ${needed}, in 3 to 500 characters`)
}

/** The given token, else OPS_TOKEN, else a development one for that person. */
export const tokenOf = (settings: Settings, given: string | undefined, holder: Holder): string => {
  const token = given ?? settings.find('OPS_TOKEN')
  if (token !== undefined) return token
  const secret = settings.find('JWT_SECRET')
  if (secret === undefined || terminal().environment['NODE_ENV'] === 'production') {
    throw new CannotRun(`a token of an ${holder.role} is needed: --token or OPS_TOKEN`)
  }
  return mintToken(secret, { ...holder, ttl: '10m' })
}

/** A token of an Administrador, in the actor's name where it is a development one. */
export const administratorToken = (
  settings: Settings,
  given: string | undefined,
  by: string | undefined,
  merchant: string | undefined,
): string => tokenOf(settings, given, { userId: 1, role: 'Administrador', username: by, merchant })
