import { describe, expect, it } from 'vitest'
import { createEndSessionUrl } from './end-session.js'
import { createContext, createTestServer, metadata } from './test-server.fixture.js'

const nothing = { parameters: {}, state: undefined, idTokenHint: undefined, postLogoutRedirectUri: undefined }

describe('createEndSessionUrl()', () => {
  it('contains every given parameter', async () => {
    // covers B-049, B-051, B-052, B-053
    const context = createContext(await createTestServer(), { server: metadata })
    const url = await createEndSessionUrl(context, {
      parameters: { logoutHint: 'ada', uiLocales: 'de', params: { extra: 'x' } },
      state: 'state-1',
      idTokenHint: 'hint',
      postLogoutRedirectUri: 'https://app.example/bye',
    })
    expect(url?.href.split('?')[0]).toBe('https://server.example/end')
    expect(Object.fromEntries(url?.searchParams ?? [])).toEqual({
      id_token_hint: 'hint',
      post_logout_redirect_uri: 'https://app.example/bye',
      state: 'state-1',
      client_id: 'client-1',
      logout_hint: 'ada',
      ui_locales: 'de',
      extra: 'x',
    })
  })

  it('sends no state without a post-logout redirect URI', async () => {
    const context = createContext(await createTestServer(), { server: metadata })
    const url = await createEndSessionUrl(context, { ...nothing, state: 'state-1' })
    expect(Object.fromEntries(url?.searchParams ?? [])).toEqual({ client_id: 'client-1' })
  })

  it("keeps the endpoint's own query", async () => {
    const server = { ...metadata, end_session_endpoint: 'https://server.example/end?tenant=one' }
    const url = await createEndSessionUrl(createContext(await createTestServer(), { server }), nothing)
    expect(url?.search).toBe('?tenant=one&client_id=client-1')
  })

  it('is undefined when the server has no such endpoint', async () => {
    // covers B-054
    const { end_session_endpoint: _, ...server } = metadata
    const context = createContext(await createTestServer(), { server })
    await expect(createEndSessionUrl(context, nothing)).resolves.toBeUndefined()
  })
})
