import { assert, asyncProperty, boolean, constantFrom, oneof, option, record, string } from 'fast-check'
import { expect, it } from 'vitest'
import { createOAuth1Client } from '../client/create-oauth1-client.js'
import { percentEncode } from './percent-encode.js'
import { isForm, readForm } from './form-body.js'
import { authorizationHeader } from './placement.js'
import { signRequest } from '../signature.js'
import { formParameters, signatureBase, signatureBaseString } from './signature-base-string.js'
import { findSignatureMethod } from './find-signature-method.js'

const method = findSignatureMethod('HMAC-SHA1') ?? expect.fail('no method')
/** `npm run more:fuzz` signs more requests, others in each run. */
const IS_ALL = import.meta.env.MODE === 'all'
const keys = { clientSecret: 'a', tokenSecret: 'b' }

/** What the server sees of a request after it was on the wire: bytes. */
async function received(
  request: Request,
): Promise<{ url: URL; form: string | undefined; header: ReadonlyArray<readonly [string, string]> }> {
  const body = await request.arrayBuffer()
  const header = request.headers.get('authorization') ?? ''
  const pairs = [...header.matchAll(/([\w%.~-]+)="([^"]*)"/g)].map(
    ([, name = '', value = '']) => [name, decodeURIComponent(value)] as const,
  )
  return {
    url: new URL(request.url),
    form: isForm(request.headers) ? readForm(body) : undefined,
    header: pairs.filter(([name]) => name !== 'realm'),
  }
}

async function verifies(request: Request): Promise<boolean> {
  const { method: verb } = request
  const { url, form, header } = await received(request)
  const inPlace = [...header, ...decoded(url.search.slice(1)), ...decoded(form ?? '')]
  const signature = inPlace.find(([name]) => name === 'oauth_signature')?.[1] ?? ''
  const baseString = signatureBaseString({ method: verb, url, form, parameters: header })
  return method.verify(baseString, signature, keys)
}

function decoded(form: string): ReadonlyArray<readonly [string, string]> {
  return formParameters(form)
    .filter(([name]) => name.startsWith('oauth_'))
    .map(([name, value]) => [name, decodeURIComponent(value)])
}

/** Text that a form or query can have, also what is no character and no correct encoding. */
const raw = string({
  unit: constantFrom(
    'a',
    'Z',
    '0',
    '=',
    '&',
    '+',
    '%',
    '%2',
    '%41',
    '%c3%a9',
    '%FF',
    '%EF%BF%BD',
    '%EF%BB%BF',
    'ä',
    '漢',
    '😀',
    '~',
    '!',
    '*',
    "'",
    '(',
    ';',
    '/',
    '?',
    ':',
    '@',
    '[',
    '\u0000',
    '\uD800',
    ' ',
    '|',
    '^',
    '"',
  ),
})
const withoutOwn = (text: string): boolean => formParameters(text).every(([name]) => !name.startsWith('oauth_'))

const SCHEMES = ['https', 'HTTPS', 'http'] as const
const HOSTS = [
  'api.example',
  'API.Example',
  'xn--mnchen-3ya.example',
  'münchen.example',
  '127.0.0.1',
  '[2001:DB8::1]',
  '[::1]',
] as const
const PORTS = ['', ':80', ':443', ':8443'] as const

const url = record({
  scheme: constantFrom(...SCHEMES),
  host: constantFrom(...HOSTS),
  port: constantFrom(...PORTS),
  path: raw,
  query: raw,
})
  .map(
    ({ scheme, host, port, path, query }) =>
      `${scheme}://${host}${port}/${path.replaceAll(/[?#]/g, '')}?${query.replaceAll('#', '')}`,
  )
  .filter((text) => URL.canParse(text) && withoutOwn(new URL(text).search.slice(1)))

it('client and server compute the same base string, whatever URL, query and form a request can have', async () => {
  const form = option(raw.filter(withoutOwn), { nil: undefined })
  const placement = constantFrom('header', 'body', 'query' as const)
  await assert(
    asyncProperty(url, form, placement, boolean(), async (address, body, place, isStream) => {
      const isBody = place === 'body'
      const text = isBody ? (body ?? '') : body
      const headers = text === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8' }
      const bytes = new TextEncoder().encode(text)
      const init = text === undefined ? {} : { body: isStream ? new Blob([bytes]).stream() : bytes, duplex: 'half' }
      const request = new Request(address, { method: 'POST', headers, ...init } as RequestInit)
      const signed = await signRequest(request, {
        clientId: 'c ä',
        token: 't%',
        keys,
        method,
        placement: place as 'header',
        timestamp: 1,
      })
      expect(await verifies(signed)).toBe(true)
    }),
    { numRuns: IS_ALL ? 50_000 : 500, ...(IS_ALL ? {} : { seed: 1 }) },
  )
})

it('fetch() of a client signs what the server computes, whatever URL, query and body it is called with', async () => {
  const sent: Request[] = []
  const client = createOAuth1Client({
    consumerKey: 'c ä',
    consumerSecret: keys.clientSecret,
    token: { token: 't%', tokenSecret: keys.tokenSecret },
    // Read for each request: `URL.canParse` of Node 20 refuses "münchen.example" from about the 4,000th call on.
    resources: SCHEMES.flatMap((scheme) => HOSTS.flatMap((host) => PORTS.map((port) => `${scheme}://${host}${port}/`))),
    allowPlainHttp: true,
    fetch: async (input, init) => {
      sent.push(new Request(input, init))
      return new Response()
    },
  })
  const body = option(oneof(raw, raw.filter(withoutOwn).map(formOf)), { nil: undefined })
  await assert(
    asyncProperty(url, body, constantFrom('GET', 'POST', 'patch'), async (address, given, verb) => {
      await client.fetch(address, { method: verb, body: (verb === 'GET' ? undefined : given) ?? null })
      expect(await verifies(sent.pop() ?? expect.fail('nothing was sent'))).toBe(true)
    }),
    { numRuns: 500 },
  )
  await expect(client.fetch('https://api.example/?x=1&oauth_nonce=1')).rejects.toMatchObject({ code: 'configuration' })
})

function formOf(text: string): Blob {
  return new Blob([text], { type: 'application/x-www-form-urlencoded' })
}

it('a changed byte of a query or form changes the base string', () => {
  const parts = (search: string) =>
    signatureBaseString({ method: 'GET', url: new URL(`https://api.example/?${search}`), parameters: [] })
  for (const [one, other] of [
    ['a=%FF', 'a=%FE'],
    ['a=%EF%BF%BD', 'a=%FF'],
    ['a=1&b=2', 'a=1%26b=2'],
    ['a=%2B', 'a=+'],
    ['a', 'a=a'],
    ['a=1', 'a=1&a=1'],
    ['a==', 'a='],
  ] as const)
    expect(parts(one)).not.toBe(parts(other))
})

it('the same parameters in another spelling have the same base string', () => {
  const parts = (search: string) =>
    signatureBaseString({ method: 'GET', url: new URL(`https://api.example/?${search}`), parameters: [] })
  for (const [one, other] of [
    ['a=%7e&b=%41', 'b=A&a=~'],
    ['a=+', 'a=%20'],
    ['a=ä', 'a=%c3%A4'],
    ['a', 'a='],
    ['a=1&&b=2&', 'b=2&a=1'],
  ] as const)
    expect(parts(one)).toBe(parts(other))
})

it('sorts by the encoded name, then by the encoded value', () => {
  const { parameters } = signatureBase({
    method: 'GET',
    url: new URL('https://api.example/?a1=1&a=2&a=10&A=3&a%20=4'),
    parameters: [],
  })
  expect(parameters).toEqual([
    ['A', '3'],
    ['a', '10'],
    ['a', '2'],
    ['a%20', '4'],
    ['a1', '1'],
  ])
})

it('percent-encodes everything but unreserved characters (RFC 5849, section 3.6)', () => {
  // covers D-016
  expect(percentEncode("aZ09-._~ !*'()+/=&%ä😀")).toBe('aZ09-._~%20%21%2A%27%28%29%2B%2F%3D%26%25%C3%A4%F0%9F%98%80')
  expect(percentEncode('\uD800')).toBe('%EF%BF%BD')
})

it('puts the realm first, unescaped, and does not sign it', async () => {
  // covers D-012
  const sign = async (realm?: string) => {
    const signed = await signRequest(new Request('https://api.example/'), {
      clientId: 'c',
      keys,
      method,
      realm,
      timestamp: 1,
      nonce: 'n',
    })
    return signed.headers.get('authorization') ?? ''
  }
  expect(await sign('Photos & more')).toBe((await sign()).replace('OAuth ', 'OAuth realm="Photos & more", '))
  expect(authorizationHeader([['oauth_token', 'a b']])).toBe('OAuth oauth_token="a%20b"')
})

it('sends each parameter once, in the place that was chosen', async () => {
  // covers D-011
  const options = { clientId: 'c', token: 't', keys, method, timestamp: 1, nonce: 'n' }
  const form = { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'x=1' }
  const names = [
    'oauth_consumer_key',
    'oauth_nonce',
    'oauth_signature',
    'oauth_signature_method',
    'oauth_timestamp',
    'oauth_token',
    'oauth_version',
  ]
  const inBody = await signRequest(new Request('https://api.example/?q=1', form), { ...options, placement: 'body' })
  expect(inBody.url).toBe('https://api.example/?q=1')
  expect(inBody.headers.has('authorization')).toBe(false)
  expect([...new URLSearchParams(await inBody.text()).keys()].toSorted()).toEqual([...names, 'x'].toSorted())
  const inQuery = await signRequest(new Request('https://api.example/?q=1', form), { ...options, placement: 'query' })
  expect([...new URL(inQuery.url).searchParams.keys()].toSorted()).toEqual([...names, 'q'].toSorted())
  expect(await inQuery.text()).toBe('x=1')
})

it.each([undefined, 'HMAC-SHA1', { name: 'HMAC-SHA1' }, null])('refuses the method %o, and says what to pass', async (wrong) => {
  const options = { clientId: 'c', keys, method: wrong as never, timestamp: 1 }
  await expect(signRequest(new Request('https://api.example/'), options)).rejects.toThrow(/"method".*findSignatureMethod/)
})

it('refuses a request that has oauth_ parameters already, or no place for them', async () => {
  const options = { clientId: 'c', keys, method, timestamp: 1 }
  const own = new Request('https://api.example/?oauth_nonce=1')
  await expect(signRequest(own, options)).rejects.toThrow('"oauth_nonce" already')
  const get = new Request('https://api.example/')
  await expect(signRequest(get, { ...options, placement: 'body' })).rejects.toThrow('no place')
  const json = new Request('https://api.example/', { method: 'POST', body: '{}' })
  await expect(signRequest(json, { ...options, placement: 'body' })).rejects.toThrow('no place')
})

it('leaves a stream alone, and reads it only to hash it', async () => {
  const stream = () => new Blob(['stream']).stream()
  const post = (body: BodyInit) => new Request('https://api.example/', { method: 'POST', body, duplex: 'half' } as RequestInit)
  const options = { clientId: 'c', keys, method, timestamp: 1 }
  const request = post(stream())
  expect(await signRequest(request, options)).toBe(request)
  expect(await request.text()).toBe('stream')
  const hashed = await signRequest(post(stream()), { ...options, bodyHash: true })
  expect(hashed.headers.get('authorization')).toContain('oauth_body_hash="')
  expect(await hashed.text()).toBe('stream')
})
