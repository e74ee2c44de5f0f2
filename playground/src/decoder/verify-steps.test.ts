import { exportJWK, generateKeyPair, type JWK, SignJWT, UnsecuredJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { decodeToken, verifySteps } from './verify-steps.js'

const issuer = 'https://id.example.com'
const now = 1_800_000_000_000
const seconds = now / 1000
const { privateKey, publicKey } = await generateKeyPair('ES256')
const other = await generateKeyPair('ES256')
const keys: readonly JWK[] = [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256', use: 'sig' }]

interface Changes {
  readonly claims?: Readonly<Record<string, unknown>>
  readonly kid?: string
  readonly key?: CryptoKey
}

function sign({ claims = {}, kid = 'k1', key = privateKey }: Changes = {}): Promise<string> {
  const payload = { iss: issuer, aud: 'spa', sub: 'ada', iat: seconds, exp: seconds + 60, ...claims }
  return new SignJWT(payload).setProtectedHeader({ alg: 'ES256', kid }).sign(key)
}

/** @returns one letter for each step: + passed, x failed, . skipped */
async function result(token: string): Promise<string> {
  const decoded = decodeToken(token)
  if (!decoded) return 'not a token'
  const steps = await verifySteps(token, decoded, { issuer, audience: 'spa', keys, now })
  return steps.map(({ state }) => ({ passed: '+', failed: 'x', skipped: '.' })[state]).join('')
}

describe('verifySteps()', () => {
  it.each([
    ['a good token', {}, '+++++++'],
    ['a token of another key with the same ID', { key: other.privateKey }, '++x++++'],
    ['an unknown key', { kid: 'k2' }, '+x.++++'],
    ['another issuer', { claims: { iss: 'https://evil.example' } }, '+++x+++'],
    ['another audience', { claims: { aud: ['other'] } }, '++++x++'],
    ['an expired token', { claims: { exp: seconds - 31 } }, '+++++x+'],
    ['a token without expiry', { claims: { exp: undefined } }, '+++++x+'],
    ['a token of the future', { claims: { iat: seconds + 31 } }, '++++++x'],
    ['an expiry that is text', { claims: { exp: String(seconds + 60) } }, '+++++x+'],
    ['a start that is not a number', { claims: { iat: 'soon' } }, '++++++x'],
    ['an audience that is an object', { claims: { aud: { spa: true } } }, '++++x++'],
    ['a token without a time of issue', { claims: { iat: undefined } }, '++++++.'],
  ] as readonly (readonly [string, Changes, string])[])('judges %s', async (_, changes, expected) => {
    expect(await result(await sign(changes))).toBe(expected)
  })

  it('rejects a token whose payload was changed', async () => {
    const [header, , signature] = (await sign()).split('.')
    const [, payload] = (await sign({ claims: { sub: 'alan' } })).split('.')
    expect(await result(`${header}.${payload}.${signature}`)).toBe('++x++++')
  })

  it('never shows NaN or [object Object]', async () => {
    const odd = { iss: { a: 1 }, aud: { b: 2 }, exp: 'abc', iat: 'x' }
    const token = await sign({ claims: odd })
    const decoded = decodeToken(token)
    const steps = decoded && (await verifySteps(token, decoded, { issuer, audience: 'spa', keys, now }))
    const text = steps?.map(({ detail }) => detail).join(' ')
    expect(text).toContain('{"a":1}')
    expect(text).toContain('"abc"')
    expect(text).not.toMatch(/NaN|object Object/)
  })

  it('names the extension that the app does not understand', async () => {
    const [, payload, signature] = (await sign()).split('.')
    const header = btoa(JSON.stringify({ alg: 'ES256', kid: 'k1', crit: ['x'], x: 1 })).replaceAll('=', '')
    const token = `${header}.${payload}.${signature}`
    const decoded = decodeToken(token)
    const steps = decoded && (await verifySteps(token, decoded, { issuer, audience: 'spa', keys, now }))
    expect(steps?.[2]).toMatchObject({ state: 'failed', detail: expect.stringContaining('“crit”') })
  })

  it('rejects unsigned tokens and tokens that are signed with a shared secret', async () => {
    const claims = { iss: issuer, aud: 'spa', iat: seconds, exp: seconds + 60 }
    expect(await result(new UnsecuredJWT(claims).encode())).toBe('xx.++++')
    const secret = new TextEncoder().encode('x'.repeat(32))
    const shared = await new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: 'k1' }).sign(secret)
    expect(await result(shared)).toBe('xx.++++')
  })

  it.each(['', 'opaque', 'a.b.c', 'e30.e30'])('does not take "%s" for a token', async (text) => {
    expect(await result(text)).toBe('not a token')
  })
})
