import { expect, it } from 'vitest'
import { createClientBench } from '../client/client.fixture.js'

/** Adds a header, as a hook that signs each request does. */
const signed = (request: Request): Request => {
  request.headers.append('x-signature', 'one')
  return request
}

it.each([
  ['simple arguments', (): Parameters<typeof fetch> => ['https://api.example/']],
  ['more options', (): Parameters<typeof fetch> => ['https://api.example/', { cache: 'no-store' }]],
  ['a request', (): Parameters<typeof fetch> => [new Request('https://api.example/')]],
  ['a body', (): Parameters<typeof fetch> => ['https://api.example/', { method: 'POST', body: new Blob(['body']) }]],
])(
  'the hook "protectedRequest" gets the second attempt as it was made, not as the hook changed the first: %s',
  async (_, call) => {
    const { client, server } = await createClientBench({ compliance: { protectedRequest: signed } })
    await client.login()
    const seen: (string | null)[] = []
    server.faults = {
      claims: { at_hash: undefined },
      token: { access_token: 'access-token-2' },
      respond: ({ url, headers }) => {
        if (!url.startsWith('https://api.example/')) return undefined
        seen.push(`${headers.get('authorization')} ${headers.get('x-signature')}`)
        return new Response(null, { status: seen.length === 1 ? 401 : 200 })
      },
    }
    expect((await client.fetch(...call())).status).toBe(200)
    expect(seen).toEqual(['Bearer access-token-1 one', 'Bearer access-token-2 one'])
  },
)
