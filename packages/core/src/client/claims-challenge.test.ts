import { describe, expect, it } from 'vitest'
import type { OAuthClientError } from '../errors/errors.js'
import { passwordGrant } from '../grants.js'
import { createAuthorizationUrl } from './authorization-url.js'
import { createClientBench } from './client.fixture.js'

const claims = { access_token: { acrs: { essential: true, value: 'c1' } } }
const refusal = (challenge: unknown, error = 'interaction_required') => ({
  respond: ({ url }: Request) =>
    url.endsWith('/token') ? Response.json({ error, claims: challenge }, { status: 400 }) : undefined,
})
const failure = (work: Promise<unknown>): Promise<OAuthClientError> =>
  work.then(
    () => Promise.reject(new Error('resolved')),
    (cause: OAuthClientError) => cause,
  )

describe('the claims that a server demands', () => {
  it.each([
    ['text', JSON.stringify(claims)],
    ['base64url', Buffer.from(JSON.stringify(claims)).toString('base64url')],
    ['JSON', claims],
  ])('as %s are on the error of the token of one API, and a sign-in takes them', async (_what, challenge) => {
    const { client, server } = await createClientBench()
    await client.login()
    server.faults = refusal(challenge)
    const error = await failure(client.getAccessToken({ scope: 'mail' }))
    expect(error).toMatchObject({ code: 'token_error', error: 'interaction_required', claims })
    expect(client.getSnapshot()).toMatchObject({ status: 'signed-in', error: { claims } })
    server.faults = {}
    const { url } = await createAuthorizationUrl(client, { claims: error.claims })
    expect(JSON.parse(url.searchParams.get('claims') ?? '')).toMatchObject(claims)
  })

  it('are on the error of an API call, of a session that ends and of a grant', async () => {
    const { client, server } = await createClientBench({
      isSessionEnd: ({ error }) => error === 'interaction_required',
      resources: [{ url: 'https://api.example/', scope: 'mail' }],
    })
    await client.login()
    server.faults = refusal(JSON.stringify(claims))
    expect(await failure(client.fetch('https://api.example/'))).toMatchObject({ claims })
    expect(await failure(client.refresh())).toMatchObject({ code: 'token_invalid', claims })
    server.faults = refusal(JSON.stringify(claims), 'invalid_grant')
    expect(await failure(passwordGrant(client, { username: 'a', password: 'b' }))).toMatchObject({ claims })
  })

  it('are on the error of UserInfo', async () => {
    const { client, server } = await createClientBench()
    await client.login()
    const encoded = Buffer.from(JSON.stringify(claims)).toString('base64url')
    server.faults = {
      respond: ({ url }) =>
        url.endsWith('/userinfo')
          ? new Response(null, {
              status: 401,
              headers: { 'www-authenticate': `Bearer error="insufficient_claims", claims="${encoded}"` },
            })
          : undefined,
    }
    expect(await failure(client.userInfo())).toMatchObject({ code: 'userinfo_error', claims })
  })

  it.each(['not JSON', '{', '[]', 5, { other: {} }, { access_token: 'x' }, '{"access_token":'.repeat(2000), undefined])(
    'are ignored if they are %j',
    async (challenge) => {
      const { client, server } = await createClientBench()
      await client.login()
      server.faults = refusal(challenge)
      expect((await failure(client.getAccessToken({ scope: 'mail' }))).claims).toBeUndefined()
    },
  )
})
