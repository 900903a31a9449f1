/** Prefixes of every secret that this repository publishes: in docker-compose.yml, in its tests, in the sandbox. */
const publishedSecret = /^(development|recargas-test|sandbox)-/

/** Users that a fresh broker has, with a well-known password. */
const builtInUsers = ['', 'guest']

/** Authentication mechanisms without a user in the address. */
const withoutUser = /[?&]authMechanism=(MONGODB-X509|MONGODB-AWS|MONGODB-OIDC)\b/

/**
 * Finds development settings that production must refuse: published secrets, a broker's built-in user, a database without
 * authentication. Addresses are recognized by their prefix. @returns the reason, or null
 */
export const developmentValue = (value: string): string | null => {
  if (publishedSecret.test(value)) return 'is a development value'
  if (/^amqps?:/.test(value)) {
    const users = value.split(',').map(userOf)
    return users.some((user) => builtInUsers.includes(user))
      ? "uses the broker's built-in user"
      : null
  }
  if (!/^mongodb(\+srv)?:/.test(value)) return null
  return userOf(value) === '' && !withoutUser.test(value) ? 'names no user' : null
}

const userOf = (address: string): string => {
  const [, login = ''] = /:\/\/([^@/]*)@/.exec(address) ?? []
  return decodeURIComponent(login.split(':')[0] ?? '')
}
