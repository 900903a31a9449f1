import { goodClaims, type Forgery, type Target } from './forgery.ts'
import { encode, headerOf, signToken } from './token-fixtures.ts'

/** The right claims under a signature that was altered. */
export const signatures = ({ signer }: Target): Forgery[] => {
  const good = signToken(signer, goodClaims())
  const [header = '', payload = '', signature = ''] = good.split('.')
  const bytes = Buffer.from(signature, 'base64url')
  const signedAs = (last: string) => `${header}.${payload}.${last}`
  const flipped = Buffer.from(bytes)
  flipped[0] = (flipped[0] ?? 0) ^ 1
  const claimsOf = (changes: object) => encode(JSON.stringify({ ...goodClaims(), ...changes }))
  return [
    ['an empty signature', signedAs(''), 'malformed'],
    ['a signature of one byte', signedAs('AA'), 'signature'],
    ['a signature without its last byte', signedAs(encode(bytes.subarray(0, -1))), 'signature'],
    ['half a signature', signedAs(encode(bytes.subarray(0, bytes.length / 2))), 'signature'],
    [
      'a signature and a byte',
      signedAs(encode(Buffer.concat([bytes, Buffer.from([0])]))),
      'signature',
    ],
    ['a signature with one bit changed', signedAs(encode(flipped)), 'signature'],
    ['a signature of zeros', signedAs(encode(Buffer.alloc(bytes.length))), 'signature'],
    ['a signature with its spare bits set', signedAs(spareBitsSet(signature)), 'malformed'],
    ['a signature with padding', signedAs(`${signature}==`), 'malformed'],
    [
      'the signature of another token',
      `${header}.${claimsOf({ sub: 1 })}.${signature}`,
      'signature',
    ],
    [
      'a role raised after signing',
      `${header}.${claimsOf({ roleName: 'Administrador' })}.${signature}`,
      'signature',
    ],
    [
      'a header changed after signing',
      `${encode(`${JSON.stringify(headerOf(signer))} `)}.${payload}.${signature}`,
      'signature',
    ],
  ]
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
/** 32, 64 and 256 bytes all leave at least two bits of the last letter unused. */
const spareBitsSet = (signature: string): string =>
  `${signature.slice(0, -1)}${letters[letters.indexOf(signature.slice(-1)) | 1] ?? ''}`
