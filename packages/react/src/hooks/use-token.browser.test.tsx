import { createOAuthClient } from '@latchkey/core'
import { act, render, screen } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { createTestServer } from '../fixtures/authorization-server.fixture.js'
import { OAuthProvider, useToken, type UseTokenOptions, type UseTokenResult } from '../index.js'
import { cleanUpAfterEach } from '../fixtures/testing-library.fixture.js'

cleanUpAfterEach()

const RESOURCE = 'https://billing.example/'

function setUp(options: UseTokenOptions = {}) {
  const server = createTestServer()
  // The server issues tokens for resources that the sign-in requested.
  const resources = [{ url: RESOURCE, resource: RESOURCE }]
  const client = createOAuthClient({ ...server.options, resources })
  const tokens: UseTokenResult[] = []
  function Show() {
    const token = useToken(options)
    tokens.push(token)
    return <p>{token.error?.code ?? token.tokenType ?? 'none'}</p>
  }
  const app = (
    <OAuthProvider client={client}>
      <Show />
    </OAuthProvider>
  )
  return { server, client, tokens, app }
}

describe('useToken()', () => {
  it('returns the token with its expiry and the claims of its ID token, and none of it after a sign-out', async () => {
    const { client, tokens, app } = setUp()
    render(app)
    await screen.findByText('none')
    await act(() => client.login())
    const { accessToken, idToken, claims, expiresAt, scope, tokenType } = tokens.at(-1) ?? {}
    expect({ accessToken, idToken, claims, expiresAt, scope, tokenType }).toEqual({
      accessToken: client.getTokenSet()?.accessToken,
      idToken: client.getTokenSet()?.idToken,
      claims: client.getTokenSet()?.claims,
      expiresAt: client.getTokenSet()?.expiresAt,
      scope: 'openid profile email',
      tokenType: 'Bearer',
    })
    await act(() => client.logout({ local: true }))
    expect(tokens.at(-1)).toMatchObject({ accessToken: undefined, idToken: undefined, claims: undefined })
  })

  it('returns the new token after a refresh, and the same functions', async () => {
    //
    const { client, tokens, app } = setUp()
    await client.login()
    render(app)
    await screen.findByText('Bearer')
    const { accessToken, refresh, getAccessToken } = tokens.at(-1) as UseTokenResult
    await act(() => refresh())
    expect(tokens.at(-1)?.accessToken).not.toBe(accessToken)
    expect(tokens.at(-1)).toMatchObject({ refresh, getAccessToken, accessToken: await getAccessToken() })
  })

  it('requests a token for the resource once if there is none (RFC 8707)', async () => {
    const { server, client, tokens, app } = setUp({ resource: RESOURCE })
    await client.login()
    const before = server.count('token')
    render(app)
    await screen.findByText('Bearer')
    expect(server.count('token') - before).toBe(1)
    expect(tokens.at(-1)?.accessToken).toBe(client.getTokenSet()?.byResource?.[RESOURCE]?.accessToken)
    expect(tokens.at(-1)?.accessToken).not.toBe(client.getTokenSet()?.accessToken)
  })

  it('requests a token for the scope once, which may be a list that each render creates', async () => {
    const server = createTestServer()
    const client = createOAuthClient({ ...server.options, scope: ['openid', 'profile', 'email'] })
    await client.login()
    const before = server.count('token')
    function Show() {
      const list = useToken({ scope: ['profile', 'openid'] })
      const text = useToken({ scope: 'openid profile' })
      return <p>{list.accessToken === text.accessToken ? list.tokenType : 'none'}</p>
    }
    const app = (
      <OAuthProvider client={client}>
        <Show />
      </OAuthProvider>
    )
    const { rerender } = render(app)
    await screen.findByText('Bearer')
    rerender(app)
    await act(async () => undefined)
    expect(server.count('token') - before).toBe(1)
    expect(Object.keys(client.getTokenSet()?.byResource ?? {})).toEqual([' openid profile'])
  })

  it('returns the error of the request for the resource’s token, and does not repeat the request', async () => {
    const { server, client, app } = setUp({ resource: RESOURCE })
    await client.login()
    const before = server.count('token')
    server.fail(400, { at: 'token', error: 'invalid_target' })
    const { rerender } = render(app)
    await screen.findByText('token_error')
    rerender(app)
    await act(async () => undefined)
    expect(server.count('token') - before).toBe(1)
  })
})
