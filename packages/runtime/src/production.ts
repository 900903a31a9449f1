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
  const address = /^(amqps?|mongodb(?:\+srv)?):\/\/(?:([^@/]*)@)?/.exec(value)
  if (address === null) return null
  const user = decodeURIComponent((address[2] ?? '').split(':')[0] ?? '')
  if (!address[1]?.startsWith('mongodb')) {
    return builtInUsers.includes(user) ? "uses the broker's built-in user" : null
  }
  return user === '' && !withoutUser.test(value) ? 'names no user' : null
}
