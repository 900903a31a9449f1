/** How every secret begins that this repository publishes: in docker-compose.yml, in its tests, in the sandbox. */
const publishedSecret = /^(development|recargas-test|sandbox)-/

/** Users that a broker has from its first start, with a password that everybody knows. */
const builtInUsers = ['', 'guest']

/** Proofs of who one is that need no user in the address. */
const withoutUser = /[?&]authMechanism=(MONGODB-X509|MONGODB-AWS|MONGODB-OIDC)\b/

/**
 * What development starts with and production must not: published secrets, a broker's built-in user, a database that
 * lets everybody in. Addresses are known by how they begin. @returns the reason, or null where there is none
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
