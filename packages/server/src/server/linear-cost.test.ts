import { beforeAll, describe, expect, it } from 'vitest'
import { growthOf, LIMIT } from './cost.fixture.js'
import { fuzzServer, type FuzzServer } from './fuzz/fuzz-server.fixture.js'
import { authorizePath } from './test-browser.fixture.js'
import { CONFIDENTIAL, ISSUER } from './test-server.fixture.js'

type Fill = (bytes: number) => string

/** Repeats numbered parts up to a size. */
const parts =
  (part: (index: number) => string, separator = '&'): Fill =>
  (bytes) => {
    const all: string[] = []
    for (let size = 0; size < bytes; size += (all.at(-1)?.length ?? 0) + separator.length) all.push(part(all.length))
    return all.join(separator)
  }
const WEB = `client_id=web&client_secret=${encodeURIComponent(CONFIDENTIAL.clientSecret ?? '')}`
const AUTHORIZE = authorizePath().split('?')[1] ?? ''
const json =
  (member: string, fill: Fill): Fill =>
  (bytes) =>
    `{"redirect_uris":["https://a.example/cb"],"${member}":[${fill(bytes)}]}`

/** Bodies that are as large as allowed. */
const FORMS: Readonly<Record<string, Fill>> = {
  'many parameters': parts((index) => `${index}=`),
  'many parameters with values': parts((index) => `${index}=1`),
  'one parameter many times': parts(() => 'a=1'),
  'many resources': parts((index) => `resource=a:${index}`),
  'many audiences': parts((index) => `audience=${index}`),
  'a long scope': (bytes) => `scope=${parts((index) => `s${index}`, '+')(bytes)}`,
  'one scope name many times': (bytes) => `scope=${parts(() => 'openid', '+')(bytes)}`,
  spaces: (bytes) => `scope=${'+'.repeat(bytes)}`,
  'spaces in other lists': (bytes) =>
    ['prompt', 'ui_locales', 'acr_values', 'response_type'].map((name) => `${name}=${'+a'.repeat(bytes / 10)}`).join('&'),
  'percent-encoded bytes': (bytes) => `state=${'%c3%a4'.repeat(bytes / 6)}`,
  'separators only': (bytes) => '&='.repeat(bytes / 2),
  'a long token': (bytes) => `token=${'a'.repeat(bytes)}&refresh_token=${'a'.repeat(bytes / 100)}&code=a`,
  'a long assertion': (bytes) => `client_assertion=${'e30.'.repeat(bytes / 4)}&assertion=a.b.c&client_assertion_type=x`,
  'many claims': (bytes) => `claims={"userinfo":{${parts((index) => `"${index}":null`, ',')(bytes)}}}`,
  'nested claims': (bytes) => `claims=${'['.repeat(bytes)}`,
  'many details': (bytes) => `authorization_details=[${parts(() => '{"type":"payment"}', ',')(bytes)}]`,
}
const PATHS: readonly (readonly [string, string])[] = [
  ['/authorize', AUTHORIZE],
  ['/par', AUTHORIZE],
  ['/token', `${WEB}&grant_type=client_credentials`],
  ['/token', 'grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer'],
  ['/introspect', WEB],
  ['/revoke', WEB],
  ['/device_authorization', WEB],
  ['/device', 'user_code=WDJB-MJHT'],
  ['/backchannel_authentication', `${WEB}&login_hint=alice`],
  ['/end-session', 'client_id=spa'],
  ['/approve', ''],
  ['/userinfo', ''],
]
const JSON_BODIES: Readonly<Record<string, Fill>> = {
  'many members': (bytes) => `{${parts((index) => `"${index}":1`, ',')(bytes)}}`,
  'nested lists': (bytes) => '['.repeat(bytes),
  'nested lists in a member': (bytes) => `{"jwks":${'['.repeat(bytes / 2)}${']'.repeat(bytes / 2)}}`,
  'many redirect URIs': json(
    'redirect_uris',
    parts((index) => `"https://a.example/${index}"`, ','),
  ),
  'many keys': (bytes) =>
    `{"redirect_uris":["https://a.example/cb"],"jwks":{"keys":[${parts((index) => `{"kty":"EC","kid":"${index}"}`, ',')(bytes)}]}}`,
  'a long scope': (bytes) => `{"redirect_uris":["https://a.example/cb"],"scope":"${'a '.repeat(bytes / 2)}b"}`,
}

let world: FuzzServer
beforeAll(async () => {
  world = await fuzzServer()
})

const post = (path: string, body: string, type: string): Request =>
  new Request(ISSUER + path, { method: 'POST', body, headers: { 'content-type': type } })

describe('the cost of a request grows with its size, not with the square of it', () => {
  it.each(PATHS)('at %s with a form (%#)', async (path, base) => {
    for (const [shape, fill] of Object.entries(FORMS)) {
      const body = (bytes: number): string => `${base}&${fill(bytes)}`.slice(0, 65_000)
      const growth = await growthOf(world.server, (bytes) => post(path, body(bytes), 'application/x-www-form-urlencoded'))
      expect(growth, shape).toBeLessThan(LIMIT)
    }
  })

  it('at /register with JSON', async () => {
    for (const [shape, fill] of Object.entries(JSON_BODIES)) {
      const growth = await growthOf(world.server, (bytes) => post('/register', fill(bytes), 'application/json'))
      expect(growth, shape).toBeLessThan(LIMIT)
    }
  })
})
