import type { RefusalReason } from '../auth/reasons.ts'
import { signatures } from './forged-signatures.ts'
import {
  attacker,
  attackerEc,
  audience,
  goodClaims,
  guess,
  issuer,
  noSecret,
  seconds,
  type Forgery,
  type Target,
} from './forgery.ts'
import { encode, headerOf, signText, signToken } from './token-fixtures.ts'

export const forgedTokens = (target: Target): readonly Forgery[] => [
  ...algorithms(target),
  ...keyIds(target),
  ...headers(target),
  ...times(target),
  ...audiences(target),
  ...claims(target),
  ...repeated(target),
  ...signatures(target),
  ...shapes(target),
]

const algorithms = ({ signer }: Target): Forgery[] => {
  const good = signToken(signer, goodClaims())
  const [, payload = '', signature = ''] = good.split('.')
  const unsigned = (alg: unknown, last = signature) =>
    `${encode(JSON.stringify({ ...headerOf(signer), alg }))}.${payload}.${last}`
  const withAlg = (alg: unknown) => signToken(signer, goodClaims(), { alg })
  return [
    ['alg none without a signature', unsigned('none', ''), 'malformed'],
    ['alg none with one', unsigned('none'), 'algorithm'],
    ['alg None', unsigned('None'), 'algorithm'],
    ['alg NONE', unsigned('NONE'), 'algorithm'],
    ['alg nOnE', unsigned('nOnE'), 'algorithm'],
    ['alg none and a letter as signature', unsigned('none', 'AA'), 'algorithm'],
    ['no alg', withAlg(undefined), 'header'],
    ['alg empty', withAlg(''), 'algorithm'],
    ['alg null', withAlg(null), 'header'],
    ['alg a number', withAlg(256), 'header'],
    ['alg a list', withAlg([signer.algorithm]), 'header'],
    ['alg an object', withAlg({ toString: signer.algorithm }), 'header'],
    ['alg in lower case', withAlg(signer.algorithm.toLowerCase()), 'algorithm'],
    ['alg with a space', withAlg(`${signer.algorithm} `), 'algorithm'],
    ['alg of a stronger hash', withAlg(signer.algorithm.replace('256', '512')), 'algorithm'],
    ['alg PS256', withAlg('PS256'), 'algorithm'],
    ['alg EdDSA', withAlg('EdDSA'), 'algorithm'],
    ['alg of an object member', withAlg('constructor'), 'algorithm'],
    [
      'alg only in the prototype',
      signText(signer, '{"__proto__":{"alg":"HS256"}}', JSON.stringify(goodClaims())),
      'header',
    ],
  ]
}

/** Tokens in the right form that another key has signed. */
const keyIds = ({ signer, address }: Target): Forgery[] => {
  const isSecret = signer.algorithm === 'HS256'
  const forger = isSecret
    ? guess
    : signer.algorithm === 'RS256'
      ? attacker.signer
      : attackerEc.signer
  // A shared secret has no ids: the signature fails instead.
  const reason: RefusalReason = isSecret ? 'signature' : 'unknown-key'
  const withKid = (kid: unknown) => signToken(forger, goodClaims(), { kid })
  return [
    ['another key, its own kid', withKid('stolen'), reason],
    ['another key, our kid', withKid(signer.keyId ?? 'k1'), 'signature'],
    ['another key, no kid', withKid(undefined), reason],
    ['kid a path', withKid('../../../../../dev/null'), reason],
    [
      'kid a path and an empty secret',
      signToken(noSecret, goodClaims(), { kid: '/dev/null' }),
      isSecret ? 'signature' : 'algorithm',
    ],
    ['kid SQL', withKid("x' UNION SELECT 'secret' -- "), reason],
    ['kid a shell command', withKid('x;wget attacker'), reason],
    ['kid an address', withKid(`${address}/kid`), reason],
    ['kid __proto__', withKid('__proto__'), reason],
    ['kid constructor', withKid('constructor'), reason],
    ['kid with a zero byte', withKid(`${signer.keyId ?? 'k1'}\u0000`), reason],
    ['kid empty', withKid(''), 'header'],
    ['kid null', withKid(null), 'header'],
    ['kid a number', withKid(0), 'header'],
    ['kid a list', withKid([signer.keyId ?? 'k1']), 'header'],
    ['kid an operator of MongoDB', withKid({ $ne: null }), 'header'],
    ['kid of a thousand letters', withKid('k'.repeat(1_000)), 'header'],
  ]
}

const headers = ({ signer, address }: Target): Forgery[] => {
  const good = JSON.stringify(goodClaims())
  const ours = (header: Record<string, unknown>) => signToken(signer, goodClaims(), header)
  const theirs = (header: Record<string, unknown>) =>
    signToken(attacker.signer, goodClaims(), { kid: signer.keyId, ...header })
  const raw = (header: string | Buffer) => signText(signer, header, good)
  const head = JSON.stringify(headerOf(signer))
  return [
    ['a key inside', theirs({ jwk: attacker.published }), 'header'],
    ['a key inside, and its own kid', theirs({ jwk: attacker.published, kid: 'stolen' }), 'header'],
    ['a key inside, though signed by ours', ours({ jwk: attacker.published }), 'header'],
    ['jku', theirs({ jku: `${address}/jku` }), 'header'],
    ['jku, though signed by ours', ours({ jku: `${address}/jku` }), 'header'],
    ['x5u', theirs({ x5u: `${address}/x5u` }), 'header'],
    ['x5c', theirs({ x5c: [attacker.publicPem] }), 'header'],
    ['crit of something unknown', ours({ crit: ['exp'], exp: 1 }), 'header'],
    ['crit empty', ours({ crit: [] }), 'header'],
    ['crit null', ours({ crit: null }), 'header'],
    ['crit b64', ours({ crit: ['b64'], b64: false }), 'header'],
    ['b64 without crit', ours({ b64: false }), 'header'],
    ['a compressed payload', ours({ zip: 'DEF' }), 'header'],
    ['said to be encrypted', ours({ enc: 'A128GCM' }), 'header'],
    ['typ of another kind of token', ours({ typ: 'secevent+jwt' }), 'header'],
    ['typ JOSE', ours({ typ: 'JOSE' }), 'header'],
    ['typ a number', ours({ typ: 1 }), 'header'],
    ['a header with alg twice', raw(`{"alg":"none",${head.slice(1)}`), 'header'],
    ['a header with typ twice', raw(`${head.slice(0, -1)},"typ":"JWT"}`), 'header'],
    ['a header that is a list', raw(`[${head}]`), 'malformed'],
    ['a header that is a word', raw('"JWT"'), 'malformed'],
    ['a header that is null', raw('null'), 'malformed'],
    ['a header that is no JSON', raw(head.slice(0, -1)), 'malformed'],
    ['a header with a byte order mark', raw(`\uFEFF${head}`), 'malformed'],
    [
      'a header that is no UTF-8',
      raw(
        Buffer.concat([
          Buffer.from(`${head.slice(0, -1)},"a":"`),
          Buffer.from([0xff]),
          Buffer.from('"}'),
        ]),
      ),
      'malformed',
    ],
  ]
}

const times = ({ signer }: Target): Forgery[] => {
  const signed = (changes: Record<string, unknown>) =>
    signToken(signer, { ...goodClaims(), ...changes })
  const text = JSON.stringify(goodClaims())
  return [
    ['expired a minute ago', signed({ exp: seconds() - 60 }), 'expired'],
    ['expired in 1970', signed({ exp: 0 }), 'expired'],
    ['no end', signed({ exp: undefined }), 'claims'],
    ['an end in words', signed({ exp: String(seconds() + 60) }), 'claims'],
    ['an end of null', signed({ exp: null }), 'claims'],
    ['an end before time', signed({ exp: -1 }), 'claims'],
    ['an end in milliseconds', signed({ exp: Date.now() + 60_000 }), 'claims'],
    [
      'an end at infinity',
      signText(signer, JSON.stringify(headerOf(signer)), text.replace(/"exp":\d+/, '"exp":1e400')),
      'claims',
    ],
    ['early', signed({ nbf: seconds() + 60 }), 'not-yet-valid'],
    ['early in words', signed({ nbf: 'now' }), 'claims'],
    ['issued in the future', signed({ iat: seconds() + 60 }), 'not-yet-valid'],
    ['issued in words', signed({ iat: 'today' }), 'claims'],
  ]
}

const audiences = ({ signer }: Target): Forgery[] => {
  const signed = (changes: Record<string, unknown>) =>
    signToken(signer, { ...goodClaims(), ...changes })
  return [
    ['another issuer', signed({ iss: 'https://other.example' }), 'issuer'],
    ['an issuer that begins as ours', signed({ iss: `${issuer}.attacker.example` }), 'issuer'],
    ['our issuer and a slash', signed({ iss: `${issuer}/` }), 'issuer'],
    ['our issuer in a list', signed({ iss: [issuer] }), 'issuer'],
    ['no issuer', signed({ iss: undefined }), 'issuer'],
    ['another audience', signed({ aud: 'other' }), 'audience'],
    ['an audience that begins as ours', signed({ aud: `${audience}-admin` }), 'audience'],
    ['our audience in capitals', signed({ aud: audience.toUpperCase() }), 'audience'],
    ['audiences without ours', signed({ aud: ['a', 'b'] }), 'audience'],
    ['our audience two lists deep', signed({ aud: [[audience]] }), 'audience'],
    ['an audience that is an object', signed({ aud: { recargas: true } }), 'audience'],
    ['no audience', signed({ aud: undefined }), 'audience'],
  ]
}

const claims = ({ signer }: Target): Forgery[] => {
  const signed = (changes: Record<string, unknown>) =>
    signToken(signer, { ...goodClaims(), ...changes })
  const noRole = { roleName: undefined, roleId: undefined }
  return [
    ['no subject', signed({ sub: undefined }), 'claims'],
    ['a subject of null', signed({ sub: null }), 'claims'],
    ['an empty subject', signed({ sub: '' }), 'claims'],
    ['a subject that is an operator of MongoDB', signed({ sub: { $gt: '' } }), 'claims'],
    ['a subject that is a list', signed({ sub: [2] }), 'claims'],
    ['a subject that is true', signed({ sub: true }), 'claims'],
    ['a fraction of a subject', signed({ sub: 2.5 }), 'claims'],
    ['a negative subject', signed({ sub: -2 }), 'claims'],
    ['a subject of 65 letters', signed({ sub: 's'.repeat(65) }), 'claims'],
    ['a subject with something invisible', signed({ sub: '2\u200b' }), 'claims'],
    ['a refresh token: no role', signed(noRole), 'role'],
    ['a role nobody knows', signed({ roleName: 'root' }), 'role'],
    ['a role by a number nobody knows', signed({ ...noRole, roleId: 0 }), 'role'],
    ['a role of an object member', signed({ roleName: 'constructor' }), 'role'],
    ['a role that is a list', signed({ roleName: ['Administrador'] }), 'claims'],
    ['a role of null', signed({ roleName: null }), 'claims'],
    ['a number of a role in words', signed({ ...noRole, roleId: '1' }), 'claims'],
    ['a merchant that is a path', signed({ merchant: '../otro' }), 'merchant'],
    ['a merchant of null', signed({ merchant: null }), 'claims'],
    ['a merchant that is an operator of MongoDB', signed({ merchant: { $ne: '' } }), 'claims'],
    ['a user name that is an object', signed({ username: {} }), 'claims'],
    ['a token id that is a number', signed({ jti: 7 }), 'claims'],
    ['a token id of a thousand letters', signed({ jti: 'j'.repeat(1_000) }), 'claims'],
  ]
}

const repeated = ({ signer }: Target): Forgery[] => {
  const text = JSON.stringify(goodClaims())
  const raw = (payload: string | Buffer) =>
    signText(signer, JSON.stringify(headerOf(signer)), payload)
  const and = (more: string) => raw(`${text.slice(0, -1)},${more}}`)
  return [
    ['the subject twice', and('"sub":1'), 'claims'],
    ['the role twice', and('"roleName":"Administrador"'), 'claims'],
    ['the end twice', and('"exp":9999999999'), 'claims'],
    ['the subject twice, once in escapes', and('"s\\u0075b":1'), 'claims'],
    ['something twice, deep inside', and('"a":{"b":1,"b":2}'), 'claims'],
    ['claims that are a list', raw(`[${text}]`), 'malformed'],
    ['claims that are null', raw('null'), 'malformed'],
    ['claims that are a word', raw('"Administrador"'), 'malformed'],
    ['claims that are no JSON', raw(text.slice(0, -1)), 'malformed'],
    ['claims only in the prototype', raw(`{"__proto__":${text}}`), 'audience'],
    [
      'claims that are no UTF-8',
      raw(Buffer.concat([Buffer.from(text), Buffer.from([0xff])])),
      'malformed',
    ],
  ]
}

const shapes = ({ signer }: Target): Forgery[] => {
  const good = signToken(signer, goodClaims())
  const [header = '', payload = '', signature = ''] = good.split('.')
  return [
    ['a word', 'token', 'malformed'],
    ['dots', '..', 'malformed'],
    ['two parts', `${header}.${payload}`, 'malformed'],
    ['four parts', `${good}.${signature}`, 'malformed'],
    ['five parts, as if encrypted', `${good}.${payload}.${signature}`, 'malformed'],
    ['cut in the payload', good.slice(0, header.length + payload.length / 2), 'malformed'],
    ['no header', `.${payload}.${signature}`, 'malformed'],
    ['no payload', `${header}..${signature}`, 'malformed'],
    ['in quotes', `"${good}"`, 'malformed'],
    ['two tokens', `${good}, ${good}`, 'malformed'],
    ['a token and more', `${good} x`, 'malformed'],
    ['as JSON', JSON.stringify({ protected: header, payload, signature }), 'malformed'],
    ['percent-encoded', good.replaceAll('.', '%2E'), 'malformed'],
    [
      'longer than any token, though signed by ours',
      signToken(signer, { ...goodClaims(), username: 'x'.repeat(8_000) }),
      'too-long',
    ],
    ['twelve thousand letters', 'x'.repeat(12_000), 'too-long'],
  ]
}
