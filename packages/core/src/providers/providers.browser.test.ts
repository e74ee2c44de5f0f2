import { describe, expect, it } from 'vitest'
import { createAuthorizationUrl } from '../client/authorization-url.js'
import { createOAuthClient } from '../client/create-client.js'
import { failure } from '../protocol/sign-in.fixture.js'
import * as providers from '../providers.js'
import type { Preset } from '../providers.js'
import { memory } from '../storage/memory.js'

const tokenEndpoint = 'https://app.example/token-proxy'
const { apple, bitbucket, facebook, github, google, linkedin, slack, stackExchange, twitch, x } = providers

/** The metadata of a provider that is discovered, and the keys of the others. */
const fetch = async (): Promise<Response> =>
  Response.json({
    issuer: 'https://accounts.google.com',
    authorization_endpoint: 'https://accounts.google.com/o/oauth2/v2/auth',
    token_endpoint: 'https://oauth2.googleapis.com/token',
    jwks: { keys: [{ kty: 'RSA' }] },
    keys: [{ kty: 'RSA' }],
  })

const requestOf = (preset: Preset): ReturnType<typeof createAuthorizationUrl> =>
  createAuthorizationUrl(createOAuthClient({ ...preset, clientId: 'client-1', storage: memory(), fetch }))

describe('in a page', () => {
  it.each([
    ['apple', apple(), apple({ tokenEndpoint })],
    ['bitbucket', bitbucket(), bitbucket({ tokenEndpoint })],
    ['facebook', facebook(), facebook({ tokenEndpoint })],
    ['github', github(), github({ tokenEndpoint })],
    ['google', google(), google({ tokenEndpoint })],
    ['linkedin', linkedin(), linkedin({ tokenEndpoint })],
    ['slack', slack(), slack({ tokenEndpoint })],
    ['stackExchange', stackExchange(), stackExchange('math', { tokenEndpoint })],
    ['twitch', twitch(), twitch({ tokenEndpoint })],
    ['x', x(), x({ tokenEndpoint })],
  ])('%s refuses the code flow before the browser leaves, and works with a proxy', async (_name, alone, proxied) => {
    const error = await failure(requestOf(alone))
    expect(error).toMatchObject({ code: 'unsupported', hint: expect.stringContaining('tokenEndpoint') as string })
    await expect(requestOf(proxied)).resolves.toMatchObject({ codeVerifier: expect.any(String) as string })
  })

  it('a response type without a code needs no proxy', async () => {
    const preset = { ...google(), responseType: 'id_token' as const }
    await expect(requestOf(preset)).resolves.toBeDefined()
  })

  it('Slack gets the token in a form, since its API refuses the header here', async () => {
    const { protectedRequest } = slack().compliance ?? {}
    const headers = { authorization: 'Bearer xoxb-1' }
    const url = 'https://slack.com/api/conversations.list?limit=5'
    const get = await protectedRequest?.(new Request(url, { headers }))
    expect([get?.method, get?.url, get?.headers.has('authorization')]).toEqual([
      'POST',
      'https://slack.com/api/conversations.list',
      false,
    ])
    expect(await get?.text()).toBe('limit=5&token=xoxb-1')
    const body = JSON.stringify({ channel: 'C1', blocks: [1] })
    const post = new Request('https://slack.com/api/chat.postMessage', { method: 'POST', body, headers })
    expect(await (await protectedRequest?.(post))?.text()).toBe('channel=C1&blocks=%5B1%5D&token=xoxb-1')
    const plain = new Request(url)
    expect(await protectedRequest?.(plain)).toBe(plain)
    const list = new Request('https://slack.com/api/chat.postMessage', { method: 'POST', body: '[1,2]', headers })
    await expect(Promise.resolve(protectedRequest?.(list))).rejects.toMatchObject({ code: 'configuration' })
  })
})
