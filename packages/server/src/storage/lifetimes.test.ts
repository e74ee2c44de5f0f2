import { beforeAll, describe, expect, it } from 'vitest'
import { fuzzServer, type FuzzServer } from '../server/fuzz/fuzz-server.fixture.js'
import { fuzzValues, type FuzzValues } from '../server/fuzz/fuzz-values.fixture.js'
import type { RequestTemplate } from '../server/fuzz/request-template.fixture.js'
import { sendTemplate } from '../server/fuzz/send-template.fixture.js'
import { VALID_REQUESTS } from '../server/fuzz/valid-requests.fixture.js'
import { testClock } from '../server/test-server.fixture.js'
import type { AtomicStore } from './atomic-store.js'
import { memoryStore } from './memory-store.js'
import { storesOver } from './stores.js'

const MINUTE = 60
const HOUR = 3600
const DAY = 86_400

/** Seconds that each kind of record is kept: its life, and for marks of what was used, as long as it could be used again. */
const LIFETIMES: Readonly<Record<string, number>> = {
  par: 90,
  // An hour for a user who has signed in, ten minutes for one who has not.
  'par-kept': 90 + HOUR,
  'par-used': 90 + HOUR,
  code: MINUTE,
  'code-used': MINUTE + 600,
  'form-used': HOUR,
  // As long as another sign-in of the browser, or another change of the client, may be in flight.
  'sign-in': 600,
  'client-deleted': 600,
  session: DAY,
  'session-client': DAY,
  token: HOUR,
  refresh: 30 * DAY,
  'refresh-used': 30 * DAY,
  'refresh-request': 30 * DAY,
  'refresh-successor': 30 * DAY,
  consent: 90 * DAY,
  // A minute longer, for "expired_token" instead of "unknown" (RFC 8628, section 3.5).
  device: 600 + MINUTE,
  'device-user': 600,
  'device-decision': 600 + MINUTE,
  'device-taken': 600 + MINUTE,
  'device-polled': 600 + MINUTE,
  ciba: 300 + MINUTE,
  'ciba-waiting': 300,
  'ciba-request': 300,
  'ciba-decision': 300 + MINUTE,
  'ciba-taken': 300 + MINUTE,
  'ciba-polled': 300 + MINUTE,
  // Longer than the assertion is accepted by clocks that are half a minute off.
  jti: 2 * MINUTE,
  dpop: 3 * MINUTE,
  revoked: 30 * DAY + 2 * MINUTE,
}

const clock = testClock()
const writes: { readonly kind: string; readonly seconds: number }[] = []
let world: FuzzServer
let values: FuzzValues

beforeAll(async () => {
  const store = memoryStore({ now: clock.now })
  const note = (key: string, expiresAt = Infinity): void =>
    void writes.push({ kind: key.split(':')[0] ?? '', seconds: (expiresAt - clock.now()) / 1000 })
  const watched: AtomicStore = {
    get: (key) => store.get(key),
    delete: (key) => store.delete(key),
    set: (key, value, expiresAt) => (note(key, expiresAt), store.set(key, value, expiresAt)),
    add: (key, value, expiresAt) => (note(key, expiresAt), store.add(key, value, expiresAt)),
  }
  world = await fuzzServer({ clock, stores: storesOver(watched) })
  values = await fuzzValues(world)
})

/** A pushed request was accepted when it was pushed, and so was the request of a page. A proof is accepted before the grant is. */
function canBeSpoilt({ jwt, page, query }: RequestTemplate): boolean {
  return page === undefined && jwt?.kind !== 'dpop' && !query.some(([, value]) => value === '{{request_uri}}')
}

describe('what is stored', () => {
  it.each(VALID_REQUESTS.map((template) => [template.name, template] as const))(
    'leaves the store when it expires: %s',
    async (_name, template) => {
      await values.renew()
      writes.splice(0)
      await sendTemplate(template, world, values)
      for (const { kind, seconds } of writes) {
        expect(Object.keys(LIFETIMES)).toContain(kind)
        expect(seconds, kind).toBeLessThanOrEqual(LIFETIMES[kind] ?? 0)
      }
    },
  )

  it.each(VALID_REQUESTS.filter(canBeSpoilt).map((template) => [template.name, template] as const))(
    'is nothing of a request that a rule refuses: %s',
    async (_name, template) => {
      await values.renew()
      const refused = { ...template, headers: { ...template.headers, authorization: 'Basic x', cookie: '' } }
      const isRefused = (name: string): boolean => ['scope', 'response_type', 'grant_type'].includes(name)
      const spoil = (pairs: typeof template.query): typeof template.query =>
        pairs.map(([name, value]) => [name, isRefused(name) ? 'no such value' : value])
      const { server } = world
      const send = server.fetch.bind(server)
      let count = 0
      const counting = { ...world, server: { ...server, fetch: (request: Request) => ((count = writes.length), send(request)) } }
      const jwt = refused.jwt && {
        ...refused.jwt,
        claims: { ...Object(refused.jwt.claims), response_type: 'no such value', sub: 'x' },
      }
      const sent = {
        ...refused,
        query: spoil(refused.query),
        ...(refused.form && { form: spoil(refused.form) }),
        ...(jwt && { jwt }),
      }
      await sendTemplate(sent, counting, values)
      expect(writes.slice(count).map(({ kind }) => kind)).toEqual([])
    },
  )
})
