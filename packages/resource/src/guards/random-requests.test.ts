import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { expect, it } from 'vitest'
import { createTokenVerifier } from '../verifier/create-token-verifier.js'
import { API, ISSUER, proofKey, testClock, testIssuer } from '../verifier/test-issuer.fixture.js'
import { toNodeGuard } from '../node.js'

/** Requests of one test. */
const COUNT = 10_000
/** `--mode all` sends ten times as many, others in each run, in tests of their own: a slow machine has time for each. FUZZ_SEED repeats one. */
const isLong = import.meta.env.MODE === 'all'
const FIRST_SEED = Number(process.env['FUZZ_SEED'] ?? (isLong ? Date.now() % 2 ** 31 : 20_261_127))
const SEEDS = Array.from({ length: isLong ? 10 : 1 }, (_, index) => FIRST_SEED + index)

/** A generator of numbers in [0, 1) with a seed (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0
    let value = Math.imul(state ^ (state >>> 15), 1 | state)
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32
  }
}

it.each(SEEDS)(
  `responds to ${COUNT} random requests without a 500, and lets none through without a valid token (FUZZ_SEED=%i)`,
  async (seed) => {
    const random = randomNumbers(seed)
    const pick = <Value>(list: readonly Value[]): Value => list[Math.floor(random() * list.length)] as Value
    const bytes = (max: number): string =>
      Array.from({ length: Math.floor(random() * max) }, () => String.fromCharCode(Math.floor(random() * 256))).join('')
    const clock = testClock()
    const issuer = await testIssuer(clock)
    const verifier = createTokenVerifier({
      issuer: { issuer: ISSUER, introspection: { clientId: 'api', clientSecret: 'x' } },
      audience: API,
      places: ['header', 'body', 'query'],
      dpop: { nonceSecret: new Uint8Array(32) },
      now: clock.now,
      fetch: issuer.fetch,
    })
    issuer.responses.set('/introspect', () => Response.json(pick([{ active: false }, { active: true }, { active: 'x' }, [], 7])))
    const guard = toNodeGuard(verifier, { scope: 'orders:read', acrValues: 'mfa' })
    const key = await proofKey(clock)
    const good = await issuer.token({ cnf: { jkt: key.jkt } })
    const proof = await key.proof(good)
    const texts = [
      good,
      proof,
      'x',
      '',
      'a.b.c',
      `${good}, ${good}`,
      '\u00ff',
      '{}',
      'null',
      '%00',
      '"',
      '='.repeat(50),
      'eyJhbGciOiJub25lIn0.e30.',
    ]
    const mutate = (text: string): string => {
      const at = Math.floor(random() * text.length)
      return pick([text, text.slice(at), text.slice(0, at), text.slice(0, at) + bytes(6) + text.slice(at), text + text])
    }
    const headerValue = (): string => mutate(pick(texts)).replaceAll(/[\r\n\0]/g, '')
    const messageOf = (): IncomingMessage => {
      const query =
        random() < 0.7
          ? ''
          : pick([`?access_token=${encodeURIComponent(mutate(pick(texts)))}`, '?access_token=a&access_token=b', '?%'])
      const path =
        random() < 0.9 ? '/orders' : pick(['/', '//x', '/../a', '/%2e%2e/', '*', 'http://x/', '/a%zz', '/\\x', bytes(9)])
      const body =
        random() < 0.7
          ? 'a=1'
          : pick(['', `access_token=${encodeURIComponent(mutate(pick(texts)))}`, 'access_token=%ff', '\u00ff\u00fe', bytes(40)])
      const headers = {
        host: random() < 0.9 ? 'api.example.com' : pick(['localhost', '[', 'a:b@c', '', '\u00e4', 'x'.repeat(400)]),
        ...(random() < 0.8 && {
          authorization:
            `${random() < 0.8 ? pick(['Bearer', 'DPoP']) : pick(['bearer', 'Basic', '', 'Bearer,'])} ${random() < 0.3 ? good : headerValue()}`.trim(),
        }),
        ...(random() < 0.7 && { dpop: pick([proof, headerValue().trim(), `${proof}, ${proof}`]) }),
        ...(random() < 0.5 && { 'content-type': 'application/x-www-form-urlencoded' }),
      }
      const method = random() < 0.8 ? pick(['GET', 'POST']) : pick(['PUT', 'HEAD', 'OPTIONS', 'PATCH', 'TRACE', 'CONNECT'])
      return Object.assign(Readable.from([Buffer.from(body, 'latin1')]), {
        method,
        url: path + query,
        headers,
        socket: {},
      }) as never
    }
    const statuses = new Map<number, number>()
    for (let done = 0; done < COUNT; done += 1) {
      const message = messageOf()
      const { method, url, headers } = message
      const described = `seed ${seed}, request ${done}: ${JSON.stringify({ method, url, headers })}`
      const response = {
        statusCode: 0,
        headers: new Headers(),
        setHeader: (...header: [string, string]) => response.headers.set(...header),
        end: () => undefined,
      }
      const token = await guard(message, response as unknown as ServerResponse).catch((error: unknown) => {
        throw new Error(described, { cause: error })
      })
      if (token || ![400, 401, 403, 413, 503].includes(response.statusCode))
        throw new Error(`${response.statusCode}: ${described}`)
      if (response.statusCode !== 503 && !response.headers.has('www-authenticate')) throw new Error(`No challenge: ${described}`)
      statuses.set(response.statusCode, (statuses.get(response.statusCode) ?? 0) + 1)
    }
    expect(statuses.get(401)).toBeGreaterThan(COUNT / 3)
    expect(statuses.get(400)).toBeGreaterThan(COUNT / 10)
  },
)
