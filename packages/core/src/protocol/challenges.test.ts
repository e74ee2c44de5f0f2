import { describe, expect, it } from 'vitest'
import { createClientBench } from '../client/client.fixture.js'
import type { OAuthClient } from '../client/client.js'
import { memory } from '../storage/memory.js'
import { readChallenges } from './challenges.js'

it('a header that would block the page for seconds is ignored', async () => {
  const read = (parameters: string): ReturnType<typeof readChallenges> =>
    readChallenges(
      new Response(null, { status: 401, headers: { 'www-authenticate': `Bearer error="invalid_token"${parameters}` } }),
    )
  expect(await read('')).toHaveLength(1)
  expect(await read(`, a="${'a'.repeat(9000)}"`)).toEqual([])
})

describe('a response whose WWW-Authenticate would block the page for minutes is read without it', () => {
  // The parser of oauth4webapi takes quadratic time.
  const headers = { 'www-authenticate': 'a '.repeat(300_000), 'dpop-nonce': 'nonce-1' }

  it.each([
    ['token endpoint', '/token', (client: OAuthClient) => client.refresh(), { code: 'token_error', error: 'invalid_client' }],
    ['UserInfo endpoint', '/userinfo', (client: OAuthClient) => client.userInfo(), { status: 401 }],
    ['API', '/items', (client: OAuthClient) => client.fetch('https://api.example/items'), undefined],
  ])('from the %s', async (_, path, call, error) => {
    for (const dpop of [false, true]) {
      const { client, server } = await createClientBench({ storage: memory(), dpop })
      server.faults = { token: { token_type: dpop ? 'DPoP' : 'Bearer' } }
      await client.login()
      const respond = ({ url }: Request) =>
        url.endsWith(path) ? Response.json({ error: 'invalid_client' }, { status: 401, headers }) : undefined
      server.faults = { ...server.faults, respond }
      if (error) await expect(call(client)).rejects.toMatchObject(error)
      else expect(await call(client)).toMatchObject({ status: 401 })
      await client.close()
    }
  })
})
