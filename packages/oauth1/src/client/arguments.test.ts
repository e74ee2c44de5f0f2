import { inspect } from 'node:util'
import { memory } from '@latchkey/core'
import { describe, expect, it } from 'vitest'
import { createOAuth1Client } from './create-oauth1-client.js'
import type { OAuth1ClientOptions } from './oauth1-client-options.js'

const OPTIONS: OAuth1ClientOptions = {
  consumerKey: 'photos',
  consumerSecret: 'the-consumer-secret',
  privateKey: 'the-private-key',
  token: { token: 'the-token', tokenSecret: 'the-token-secret' },
  temporaryCredentialsUrl: 'https://provider.example/initiate',
  authorizationUrl: 'https://provider.example/authorize',
  tokenCredentialsUrl: 'https://provider.example/token',
  callbackUrl: 'https://app.example/',
  storage: memory(),
}

describe('a client that is shown', () => {
  it.each([
    ['in a log', (client: object) => inspect(client, { depth: 9, showHidden: true })],
    ['as JSON', (client: object) => JSON.stringify(client)],
  ])('%s has no secret, private key or token', (_name, show) => {
    expect(show(createOAuth1Client(OPTIONS))).not.toMatch(/the-consumer-secret|the-private-key|the-token/)
  })

  it('has its address, its name and its callback in "options"', () => {
    expect(createOAuth1Client(OPTIONS).options).toMatchObject({ clientId: 'photos', redirectUri: 'https://app.example/' })
  })
})

describe('wrong arguments', () => {
  it.each([
    ['consumerSecret', { consumerSecret: undefined }],
    ['tokenSecret', { token: { token: 't' } }],
    ['timeout', { timeout: -1 }],
    ['timeout', { timeout: 0 }],
    ['timeout', { timeout: Number.NaN }],
  ])('the option is refused at once: %s, %j', (name, options) => {
    const create = () => createOAuth1Client({ ...OPTIONS, ...options } as OAuth1ClientOptions)
    expect(create).toThrow(expect.objectContaining({ code: 'configuration' }) as Error)
    expect(create).toThrow(`"${name}"`)
  })

  it('a secret is not needed to sign with RSA', () => {
    const options = { ...OPTIONS, consumerSecret: undefined, signatureMethod: 'RSA-SHA1' } as const
    expect(createOAuth1Client(options)).toBeDefined()
  })

  it.each([
    ['temporaryCredentials', [{ callbackUrl: 'nonsense' }], '"callbackUrl"'],
    ['temporaryCredentials', [{ callbackUrl: 'javascript:alert(1)' }], '"callbackUrl"'],
    ['tokenCredentials', [{ token: 't' }, 'v'], '"tokenSecret"'],
  ] as const)('%s(...%j) sends nothing', async (name, given, part) => {
    let sent = 0
    const fetch = async () => {
      sent += 1
      return new Response()
    }
    const client = createOAuth1Client({ ...OPTIONS, fetch })
    const call = client[name] as (...all: readonly unknown[]) => Promise<unknown>
    await expect(call(...given)).rejects.toThrow(part)
    expect(sent).toBe(0)
  })

  it('a proxy without an address of its own is named outside a page', async () => {
    const client = createOAuth1Client({ ...OPTIONS, proxy: () => '/x' })
    await expect(client.temporaryCredentials()).rejects.toThrow('"proxy" returned "/x"')
  })

  it.each(['oauth_token=a&oauth_token_secret=b&oauth_token_secret=c', 'oauth_token=a&oauth_token=b&oauth_token_secret=c'])(
    'a response with a repeated parameter is refused: %s',
    async (body) => {
      const fetch = async () => new Response(`${body}&oauth_callback_confirmed=true`)
      const client = createOAuth1Client({ ...OPTIONS, fetch })
      await expect(client.temporaryCredentials()).rejects.toMatchObject({ code: 'invalid_response' })
      const temporary = { token: 't', tokenSecret: 's' }
      await expect(client.tokenCredentials(temporary, 'v')).rejects.toMatchObject({ code: 'invalid_response' })
    },
  )

  it.each([undefined, null, 'photos'])('createOAuth1Client(%j) says that options are needed', (options) => {
    const create = () => createOAuth1Client(options as never)
    expect(create).toThrow(expect.objectContaining({ code: 'configuration' }) as Error)
    expect(create).toThrow('createOAuth1Client() needs')
  })

  it.each(['not a url', 'https://', 5])('the callback URL %j is reported under its own name', (callbackUrl) => {
    const create = () => createOAuth1Client({ ...OPTIONS, callbackUrl: callbackUrl as string })
    expect(create).toThrow('"callbackUrl"')
    expect(create).not.toThrow('"redirectUri"')
  })

  it.each([undefined, null, {}, 'token', { token: '' }, { token: 5 }])(
    'authorizationUrl(%j) asks for credentials',
    (credentials) => {
      const client = createOAuth1Client(OPTIONS)
      expect(() => client.authorizationUrl(credentials as never)).toThrow(
        expect.objectContaining({ code: 'missing_token' }) as Error,
      )
    },
  )

  it('authorizationUrl() without the option names it', () => {
    const client = createOAuth1Client({ ...OPTIONS, authorizationUrl: undefined })
    expect(() => client.authorizationUrl({ token: 't' })).toThrow('"authorizationUrl" is missing')
  })

  it.each([
    ['temporaryCredentials', [{ parameters: { oauth_callback: 'x' } }]],
    ['temporaryCredentials', [{ callbackUrl: '' }]],
    ['tokenCredentials', []],
    ['tokenCredentials', [null, 'v']],
    ['tokenCredentials', [{}, 'v']],
    ['tokenCredentials', [{ token: 't', tokenSecret: 's' }, undefined]],
    ['fetch', []],
    ['fetch', ['https://']],
    [
      'login',
      [{ prompt: 'login', transport: { name: 'own', prepare: () => ({ navigate: () => undefined, cancel: () => undefined }) } }],
    ],
  ] as const)('%s(...%j) rejects with an error of this library, and no hint of another client', async (name, given) => {
    const client = createOAuth1Client({ ...OPTIONS, privateKey: undefined, fetch: async () => new Response() })
    const call = client[name] as (...all: readonly unknown[]) => Promise<unknown>
    const error = await call(...given).catch((cause: unknown) => cause)
    expect(error).toMatchObject({ code: expect.stringMatching(/^(?:configuration|missing_)/) as string })
    expect(inspect(error)).not.toMatch(/compliance|clientAuth|the-consumer-secret|the-token-secret/)
  })

  it('login() outside a page names the steps that work there', async () => {
    for (const callbackUrl of ['oob', OPTIONS.callbackUrl]) {
      const login = createOAuth1Client({ ...OPTIONS, callbackUrl }).login()
      await expect(login).rejects.toMatchObject({ hint: expect.stringContaining('tokenCredentials()') as string })
    }
  })
})
