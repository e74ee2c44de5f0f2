import { describe, expect, it } from 'vitest'
import { discoverIssuer } from '../endpoints.js'
import { failure } from '../protocol/sign-in.fixture.js'

const RELATION = 'http://openid.net/specs/connect/1.0/issuer'

function webFinger(body: unknown, requested: URL[] = []): typeof fetch {
  return async (input) => {
    requested.push(new URL(new Request(input).url))
    return Response.json(body, { headers: { 'content-type': 'application/jrd+json' } })
  }
}

const links = (href: unknown): object => ({
  links: [
    { rel: 'other', href: 'https://x.example' },
    { rel: RELATION, href },
  ],
})

describe('discoverIssuer()', () => {
  it.each([
    ['ada@example.com', 'example.com', 'acct:ada@example.com'],
    [' acct:ada@example.com ', 'example.com', 'acct:ada@example.com'],
    ['https://example.com/ada#me', 'example.com', 'https://example.com/ada'],
    ['example.com', 'example.com', 'https://example.com'],
    ['example.com:8443/ada', 'example.com:8443', 'https://example.com:8443/ada'],
  ])('asks the host of %s', async (identifier, host, resource) => {
    const requested: URL[] = []
    const fetch = webFinger(links('https://id.example.com'), requested)
    await expect(discoverIssuer(identifier, { fetch })).resolves.toBe('https://id.example.com')
    const [url] = requested
    expect([url?.host, url?.pathname]).toEqual([host, '/.well-known/webfinger'])
    expect(Object.fromEntries(url?.searchParams ?? [])).toEqual({ resource, rel: RELATION })
  })

  it('keeps the issuer as it is written, with its slash', async () => {
    await expect(discoverIssuer('a@b.example', { fetch: webFinger(links('https://id.example/t/')) })).resolves.toBe(
      'https://id.example/t/',
    )
  })

  it.each([[links('http://id.example')], [links(7)], [{ links: [] }], [{}]])(
    'refuses a response without a secure issuer: %j',
    async (body) => {
      expect(await failure(discoverIssuer('a@b.example', { fetch: webFinger(body) }))).toMatchObject({ code: 'invalid_metadata' })
    },
  )

  it.each(['', 'a@b@c d', 'https://user@evil.example/', '@'])(
    'refuses the identifier "%s" before a request',
    async (identifier) => {
      const requested: URL[] = []
      expect(await failure(discoverIssuer(identifier, { fetch: webFinger({}, requested) }))).toMatchObject({
        code: 'configuration',
      })
      expect(requested).toEqual([])
    },
  )
})
