import { choose, type JwtTemplate, type Pairs, type Random, type RequestTemplate } from './request-template.fixture.js'

/** Text that a page must escape; a test looks for it. */
export const MARKUP = '"\'><i onclick="1">'

const TEXTS: readonly string[] = [
  ...['', ' ', '\u0000', 'a\u0000b', '\uD800', '\uDC00x', '\u202E', '\uFEFF', '👩‍💻', '\r\nset-cookie: a=1', '\n', '\u2028'],
  ...[MARKUP, '<script>alert(1)</script>', '</bdi>', '&quot;', '${7*7}', "' OR 1=1 --", '../../etc/passwd'],
  ...['javascript:alert(1)', 'data:text/html,x', '//evil.example', 'https://evil.example/', 'http://127.0.0.1:99999/callback'],
  ...['http://[::1', 'https://a:99999/', 'https://@/', 'file:///etc/passwd', 'com.example:/x', 'http://127.0.0.1:4711/callback'],
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'null', 'undefined', 'true', 'NaN', '[object Object]'],
  ...['0', '-1', '1.5', '1e9', '1e999', '9'.repeat(400), '99999999999', '0x7f', String(Number.MAX_SAFE_INTEGER)],
  ...['a'.repeat(9000), ' '.repeat(3000), 'a '.repeat(3000), 'openid '.repeat(500), '漢'.repeat(900)],
  ...['[]', '{}', '[null]', '{"a":'.repeat(4000), '['.repeat(4000) + ']'.repeat(4000), '{"__proto__":{"a":1}}', '"\\ud800"'],
  ...['none', 'login', 'consent', 'code', 'token', 'id_token', 'S256', 'plain', 'query', 'jwt', 'form_post', 'fragment.jwt'],
  ...['openid', 'web', 'spa', 'native', 'signer', 'alice', 'eyJhbGciOiJub25lIn0.e30.', 'a.b.c', '..', '.....'],
  ...[
    '{{code}}',
    '{{access_token}}',
    '{{refresh_token}}',
    '{{id_token}}',
    '{{request_uri}}',
    '{{csrf}}',
    '{{jwt}}',
    '{{user_code}}',
  ],
]
/** Slow in `normalize` and in the URL parser: see slow-text.fixture.ts. */
const SLOW_TEXTS: readonly string[] = [
  ...['a' + '\u0301\u0323'.repeat(600), '\uFDFA'.repeat(900), `https://${'漢字'.repeat(450)}/`, `http:\\\\${'é'.repeat(900)}`],
]
const VALUES: readonly unknown[] = [
  ...[
    null,
    true,
    0,
    -1,
    1.5,
    1e300,
    Number.MAX_SAFE_INTEGER,
    '',
    [],
    {},
    [[]],
    [null],
    { toString: 1, valueOf: 1 },
    { length: 5 },
  ],
  ...[
    { constructor: null },
    JSON.parse('{"__proto__":{"a":1}}'),
    ['a', 1],
    Array.from({ length: 60 }, () => 'x'),
    '\uD800',
    '\u0000',
  ],
]
const NAMES: readonly string[] = [
  ...[
    'client_id',
    'redirect_uri',
    'response_type',
    'response_mode',
    'scope',
    'state',
    'prompt',
    'claims',
    'request',
    'request_uri',
  ],
  ...[
    'resource',
    'audience',
    'id_token_hint',
    'sealed_hint',
    'csrf',
    'action',
    'user',
    'username',
    'password',
    'decision',
    'registration',
  ],
  ...[
    'code_challenge',
    'dpop_jkt',
    'access_token',
    'client_assertion',
    'authorization_details',
    'user_code',
    'actor_token',
    'grant_type',
  ],
  ...['__proto__', 'constructor', '', 'client_id[]', ' scope', 'a'.repeat(3000), MARKUP, '\u0000'],
]
const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS', 'LINK', 'X'] as const
const TYPES: readonly string[] = [
  ...[
    'application/x-www-form-urlencoded',
    'application/x-www-form-urlencoded; charset=utf-16',
    'application/json',
    'text/plain',
    '',
  ],
  ...['multipart/form-data; boundary=x', 'multipart/form-data', 'application/json; charset=latin1', ';', 'a/b/c', '*/*'],
]
const AUTHORIZATIONS: readonly string[] = [
  ...[
    'Basic',
    'Basic ',
    'Basic Og==',
    'Basic d2ViOg==',
    'Basic %',
    `Basic ${btoa('%ff%c3%28:x')}`,
    `Basic ${btoa('%00:%00')}`,
    'Basic d2ViOiU=',
  ],
  ...[
    'Bearer',
    'Bearer x',
    'Bearer {{access_token}}',
    'DPoP {{access_token}}',
    'Bearer {{access_token}}, Bearer x',
    'Digest a="b"',
    ',',
  ],
]
const COOKIES: readonly string[] = [
  ...[
    ';',
    '=',
    'latchkey_5173_session',
    'latchkey_5173_session=',
    'latchkey_5173_session=%',
    'latchkey_5173_session=%ff',
    '{{cookie}}; {{cookie}}',
  ],
  ...[
    'latchkey_5173_browser_=x',
    'latchkey_5173_browser___proto__=x',
    '__proto__=x',
    'latchkey_5173_browser_a=b; '.repeat(300),
    '{{cookie}}',
  ],
]

type Mutation = (template: RequestTemplate, random: Random) => RequestTemplate

/** A nasty text alone, or around the former one. */
function mutateText(text: string, random: Random): string {
  const nasty = choose(random(6) === 0 ? SLOW_TEXTS : TEXTS, random)
  return choose([nasty, nasty, text + nasty, nasty + text, text.slice(0, random(text.length + 1)), text.toUpperCase()], random)
}

function mutatePairs(pairs: Pairs, random: Random): Pairs {
  const index = random(pairs.length + 1)
  const [name, value] = pairs[index] ?? [choose(NAMES, random), choose(TEXTS, random)]
  const changed = (pair: readonly [string, string]): Pairs => [...pairs.slice(0, index), pair, ...pairs.slice(index + 1)]
  const mutations = [
    () => changed([name, mutateText(value, random)]),
    () => changed([name, mutateText(value, random)]),
    () => changed([choose(NAMES, random), value]),
    () => pairs.filter((_, place) => place !== index),
    () => [...pairs, [name, value] as const],
    () => [...pairs, [name, mutateText(value, random)] as const],
    () => [...pairs, [choose(NAMES, random), choose(TEXTS, random)] as const],
    () => [...pairs, ...many(name.slice(0, 20), value.slice(0, 20))],
  ]
  return choose(mutations, random)()
}

function many(name: string, value: string): Pairs {
  return Array.from({ length: 200 }, (_, place) => [`${name}${place % 7}`, value])
}

/** Changes one node of a JSON value. */
export function mutateJson(value: unknown, random: Random): unknown {
  if (typeof value === 'string' && random(2) === 0) return mutateText(value, random)
  if (typeof value !== 'object' || value === null || random(5) === 0) return newValue(value, random)
  const names = Object.keys(value)
  const name =
    names[random(names.length + 1)] ?? choose([...NAMES, 'jti', 'iss', 'sub', 'aud', 'exp', 'iat', 'nbf', 'jwks_uri'], random)
  const former: unknown = Reflect.get(value, name)
  if (Array.isArray(value)) return value.map((item: unknown, index) => (String(index) === name ? mutateJson(item, random) : item))
  const { [name]: _removed, ...others } = value as Readonly<Record<string, unknown>>
  return random(4) === 0 ? others : { ...others, [name]: mutateJson(former, random) }
}

function newValue(value: unknown, random: Random): unknown {
  const nested = (depth: number): unknown => Array.from({ length: depth }).reduce((inner: unknown) => [inner], value)
  return choose(
    [() => choose(VALUES, random), () => choose(TEXTS, random), () => nested(30), () => nested(800), () => [value, value]],
    random,
  )()
}

function mutateJwt(jwt: JwtTemplate, random: Random): JwtTemplate {
  if (random(3) > 0) return { ...jwt, claims: mutateJson(jwt.claims, random) }
  const name = choose(['typ', 'alg', 'kid', 'jwk', 'crit', 'b64', 'x5c', 'jku', 'zip', 'cty'], random)
  return { ...jwt, header: { ...jwt.header, [name]: choose([...VALUES, ...TEXTS], random) } }
}

const mutateHeader: Mutation = (template, random) => {
  const [name, values] = choose<readonly [string, readonly string[]]>(
    [
      ['content-type', TYPES],
      ['authorization', AUTHORIZATIONS],
      ['cookie', COOKIES],
      ['dpop', ['', 'x', 'a.b.c', '{{jwt}}', '{{jwt}}, {{jwt}}', '{{id_token}}']],
      ['accept', ['', '*', 'text/html', 'application/json;q=x']],
      ['origin', ['null', 'https://evil.example', '']],
      ['content-length', ['0', '-1', '99999999999', 'x']],
    ],
    random,
  )
  return { ...template, headers: { ...template.headers, [name]: choose(values, random) } }
}

const RAW: readonly string[] = [
  '%',
  '%zz',
  'a=%ff',
  'a=%c3%28',
  '&&&===',
  '=',
  'client_id',
  '{',
  '[1',
  '"',
  'null',
  '1e999',
  '\u0000',
  '[{}]',
  '[['.repeat(9000),
]

const mutateBody: Mutation = (template, random) => {
  if (template.json !== undefined && random(8) > 0) return { ...template, json: mutateJson(template.json, random) }
  if (template.form && random(12) > 0) return { ...template, form: mutatePairs(template.form, random) }
  return { ...template, raw: choose(RAW, random) }
}

const mutateQuery: Mutation = (template, random) => ({ ...template, query: mutatePairs(template.query, random) })

const PATHS = [
  '/',
  '//',
  '/%',
  '/%ff',
  '/%00',
  '/..',
  '/;a',
  '/jwks',
  '/token/',
  '/%2e%2e/jwks',
  `/${MARKUP}`,
  '/\uD800',
] as const

const OTHERS: readonly Mutation[] = [
  mutateHeader,
  mutateHeader,
  (template, random) => ({ ...template, method: choose(METHODS, random) }),
  (template, random) => ({ ...template, path: template.path + choose(PATHS, random) }),
  ({ fetched, ...template }, random) => ({
    ...template,
    fetched: {
      status: choose([200, 204, 302, 404, 500], random),
      type: choose(TYPES, random),
      ...(fetched && { body: choose(TEXTS, random) }),
    },
  }),
]

const mutateOnce: Mutation = (template, random) => {
  const isBody = template.form !== undefined || template.json !== undefined
  const die = random(10)
  if (template.jwt && die < 3) return { ...template, jwt: mutateJwt(template.jwt, random) }
  if (die < 8) return (isBody && random(5) > 0 ? mutateBody : mutateQuery)(template, random)
  return choose(OTHERS, random)(template, random)
}

/** Changes a valid request in one to three places. */
export function mutateRequest(template: RequestTemplate, random: Random): RequestTemplate {
  const times = choose([1, 1, 1, 2, 3], random)
  return Array.from({ length: times }).reduce<RequestTemplate>((changed) => mutateOnce(changed, random), template)
}
