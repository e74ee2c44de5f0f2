import { describe, expect, it } from 'vitest'
import type { Resource } from './fetch-options.js'
import { createClientBench } from '../client/client.fixture.js'
import { withQueryParameter } from '../providers.js'

interface Seen {
  readonly url: string
  readonly method: string
  readonly body: string
  readonly type: string | null
  readonly redirect: RequestRedirect
}

async function signedIn(
  tokenPlacement: Resource['tokenPlacement'] & string,
  answer: () => Response = () => new Response('data'),
) {
  const seen: Seen[] = []
  const { client, server } = await createClientBench({
    resources: [{ url: 'https://api.example/', tokenPlacement }],
    compliance: { protectedRequest: withQueryParameter('site', 'here') },
  })
  await client.login()
  server.faults = {
    respond: async (request) => {
      if (!request.url.startsWith('https://api.example/')) return undefined as never
      const { url, method, redirect } = request
      seen.push({ url, method, redirect, body: await request.text(), type: request.headers.get('content-type') })
      return answer()
    },
  }
  return { client, seen }
}

const form = 'application/x-www-form-urlencoded;charset=UTF-8'

describe('an access token in the query or the body', () => {
  it('goes out with the body of a POST, and with what a hook puts into the URL', async () => {
    //
    const { client, seen } = await signedIn('query')
    await client.fetch('https://api.example/', { method: 'POST', body: new URLSearchParams({ a: 'ü' }) })
    await client.fetch('https://api.example/', { method: 'PUT' })
    const url = 'https://api.example/?access_token=access-token-1&site=here'
    expect(seen).toMatchObject([
      { method: 'POST', url, body: 'a=%C3%BC', type: form },
      { method: 'PUT', url, body: '', type: null },
    ])
  })

  it('adds to a form-encoded body, or creates one', async () => {
    //
    const { client, seen } = await signedIn('body')
    await client.fetch('https://api.example/', { method: 'POST', body: new URLSearchParams({ a: 'ü' }) })
    await client.fetch('https://api.example/', { method: 'POST' })
    expect(seen).toMatchObject([
      { url: 'https://api.example/?site=here', body: 'a=%C3%BC&access_token=access-token-1', type: form },
      { url: 'https://api.example/?site=here', body: 'access_token=access-token-1', type: form },
    ])
  })

  it.each([
    ['a GET', {}],
    ['another body', { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } }],
  ])('does not go into %s, and nothing is sent', async (_what, init) => {
    //
    const { client, seen } = await signedIn('body')
    await expect(client.fetch('https://api.example/', init)).rejects.toMatchObject({ code: 'configuration' })
    expect(seen).toEqual([])
  })
})

describe('a redirect of the API (invariant 5)', () => {
  const away = (): Response => new Response('', { status: 307, headers: { location: 'https://elsewhere.example/' } })

  it.each(['query', 'body'] as const)('is not followed with the token in the %s, and says so', async (placement) => {
    const { client, seen } = await signedIn(placement, away)
    await expect(client.fetch('https://api.example/', { method: 'POST' })).rejects.toMatchObject({
      code: 'invalid_response',
      status: 307,
      hint: expect.stringContaining('resources') as string,
    })
    expect(seen.map(({ redirect }) => redirect)).toEqual(['manual'])
  })

  it.each(['query', 'body'] as const)('is returned to a caller that requested it (%s)', async (placement) => {
    const { client } = await signedIn(placement, away)
    expect((await client.fetch('https://api.example/', { method: 'POST', redirect: 'manual' })).status).toBe(307)
  })
})
