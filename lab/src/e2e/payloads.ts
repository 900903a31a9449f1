/** A request with a payload that some program would interpret. */
export type AttackRequest = {
  readonly name: string
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly body?: string
  readonly headers?: Readonly<Record<string, string>>
}

type Body = Readonly<Record<string, unknown>>
type Target = { readonly method: 'POST' | 'PATCH'; readonly path: string; readonly body: Body }

/** Requests that would each succeed unchanged; with a payload in it none may. */
const targetsOf = (sessionId: number, cajaId: number): readonly Target[] => [
  {
    method: 'POST',
    path: '/recargas/cliente',
    body: { operadora: 'Tigo', numero_cliente: '78945612', monto: 1, id_caja_sesion: sessionId },
  },
  {
    method: 'POST',
    path: '/recargas/inyeccion',
    body: { operadora_destino: 'Tigo', monto: 1, id_caja_sesion: sessionId },
  },
  {
    method: 'POST',
    path: '/cajas/movimiento',
    body: { tipo: 'INGRESO', monto: 1, motivo: 'cambio', id_sesion_caja: sessionId },
  },
  {
    method: 'POST',
    path: '/cajas',
    body: { nombre: 'Caja inyectada', especialidad: 'MIXTA', saldo: 1 },
  },
  { method: 'PATCH', path: `/cajas/${cajaId}`, body: { nombre: 'Caja inyectada' } },
  {
    method: 'PATCH',
    path: `/cajas/sesion/${sessionId}/cerrar`,
    body: { monto_final_real: 1, aceptar_pendientes: true },
  },
]

/** In the place of any value. */
const values: readonly (readonly [string, unknown])[] = [
  ['$ne', { $ne: null }],
  ['$gt', { $gt: '' }],
  ['$regex', { $regex: '.*' }],
  ['$where', { $where: 'sleep(1000)' }],
  ['$expr', { $expr: { $eq: [1, 1] } }],
  ['an array', ['Tigo', 'Entel']],
  ['an array of one', [1]],
  ['an object with a toString', { toString: 'x', valueOf: 1 }],
]

/** In the place of a text or a number that is read. */
const members: readonly (readonly [string, string])[] = [
  ['an operator', '"$set":{"saldo":1000000}'],
  ['a dotted name', '"monto.$numberLong":"1"'],
  ['a dotted path', '"actor.role":"Administrador"'],
  ['a prototype', '"__proto__":{"polluted":true}'],
  ['a prototype, escaped', '"\\u005f_proto__":{"polluted":true}'],
  ['a constructor', '"constructor":{"prototype":{"polluted":true}}'],
  ['a prototype deep down', '"arqueo":{"a":{"__proto__":{"polluted":true}}}'],
  ['an operator deep down', '"arqueo":{"$where":"1"}'],
  ['half a character', '"nota":"\\ud800"'],
  ['the end of a text', '"nota":"a\\u0000b"'],
  ['a command to a terminal', '"nota":"a\\u001b[2Jb"'],
  ['another direction of writing', '"nota":"a\u202eb"'],
]

const ofBodies = (targets: readonly Target[]): readonly AttackRequest[] =>
  targets.flatMap(({ method, path, body }) => {
    const beside = (member: string) => `${JSON.stringify(body).slice(0, -1)},${member}}`
    const bodies = [
      ...Object.keys(body).flatMap((field) =>
        values.map(([name, value]) => [
          `${name} as ${field}`,
          JSON.stringify({ ...body, [field]: value }),
        ]),
      ),
      ...members.map(([name, member]) => [`${name} beside the fields`, beside(member)]),
      ...Object.entries(body).map(([field, value]) => [
        `${field} twice`,
        beside(`"${field}":${JSON.stringify(value)}`),
      ]),
    ]
    return bodies.map(([name = '', attack = '']) => ({ name, method, path, body: attack }))
  })

const queries = [
  'limit[$gt]=1',
  'limit[]=1',
  'limit=1&limit=2',
  'limit={"$gt":0}',
  'cursor[$ne]=0',
  'cursor=1%00',
  '$where=sleep(1000)',
  '__proto__[polluted]=true',
  '__proto__.polluted=true',
  '__proto__=true',
  'constructor[prototype][polluted]=true',
  'constructor.prototype.polluted=true',
  'limit.$gt=1',
  'merchant=otro',
  'limit=１',
  'limit=0x10',
  'limit=1e2',
  'limit=1;drop',
]
const listed = ['/recargas/historial/clientes', '/recargas/historial/inyecciones', '/cajas']

const ofQueries = (targets: readonly Target[]): readonly AttackRequest[] => [
  ...listed.flatMap((path) =>
    queries.map((query) => ({
      name: query,
      method: 'GET' as const,
      path: `${path}?${encodeURI(query)}`,
    })),
  ),
  ...targets.map(({ method, path, body }) => ({
    name: 'a field in the query too',
    method,
    path: `${path}?monto[$gt]=0`,
    body: JSON.stringify(body),
  })),
]

const names = [
  '{"$ne":null}',
  '[$ne]',
  '$where',
  '__proto__',
  'constructor',
  '1%00',
  '1;1',
  "1'||'1",
  '１',
  '1e0',
  '0x1',
  '-1',
  '..%2F..%2Fmetrics',
]

const ofPaths = (): readonly AttackRequest[] =>
  names.flatMap((name) => {
    const part = name.includes('%') ? name : encodeURIComponent(name)
    return [
      { name, method: 'GET', path: `/recargas/cliente/${part}` },
      { name, method: 'GET', path: `/cajas/${part}` },
      { name, method: 'DELETE', path: `/cajas/${part}` },
      { name, method: 'GET', path: `/cajas/sesion/${part}/extracto` },
      { name, method: 'GET', path: `/operadoras/${part}/extracto` },
    ] as const
  })

const headers: readonly Readonly<Record<string, string>>[] = [
  { 'idempotency-key': '{ "$ne": null }' },
  { 'idempotency-key': 'x'.repeat(300) },
  { 'idempotency-key': 'a, b' },
  { 'x-confirmar-duplicado': '{"$ne":false}' },
  { 'x-confirmar-duplicado': 'true, true' },
  { 'x-confirmar-duplicado': 'TRUE' },
  { 'x-confirmar-duplicado': '__proto__' },
  { authorization: 'Bearer {"$ne":""}' },
  { authorization: 'Bearer __proto__' },
  { authorization: '[object Object]' },
  { 'content-type': 'application/x-www-form-urlencoded' },
  { 'content-type': 'application/json; charset=utf-7' },
  { 'content-type': 'application/json; charset=utf-16le' },
  { 'content-type': 'text/plain' },
  { 'content-type': 'application/__proto__+json' },
  { 'content-encoding': 'gzip' },
  { 'content-encoding': 'deflate' },
]

const ofHeaders = ([sale]: readonly Target[]): readonly AttackRequest[] =>
  sale === undefined
    ? []
    : headers.map((injected) => ({
        name: JSON.stringify(injected).slice(0, 80),
        method: sale.method,
        path: sale.path,
        body: JSON.stringify(sale.body),
        headers: injected,
      }))

/** Every request, at a session and a caja that exist. */
export const attackRequestsAt = (sessionId: number, cajaId: number): readonly AttackRequest[] => {
  const targets = targetsOf(sessionId, cajaId)
  return [...ofBodies(targets), ...ofQueries(targets), ...ofPaths(), ...ofHeaders(targets)]
}
