// cspell:ignore Tokenset storge tokenplacement publis openchannel resorce signall withold signedin eror Secert sillent slient
import { describe, expect, it } from 'vitest'
import { mostSimilar } from '../errors/unknown-options.js'
import { passwordGrant } from '../grants.js'
import { issuer } from '../protocol/test-server.fixture.js'
import { createOAuthRegistry } from '../registry.js'
import { workerClient } from '../worker.js'
import { serveClient } from '../worker-host.js'
import { createAuthorizationUrl } from './authorization-url.js'
import { countOf, createClientBench } from './client.fixture.js'
import { introspectToken, verifyIdToken } from '../endpoints.js'
import { createOAuthClient } from './create-client.js'
import { CLIENT_OPTIONS } from './option-names.js'

const settings = { issuer, clientId: 'client-1' }

/** The options have no type, as in JavaScript. */
const refused = (act: () => unknown, name: string, suggestion: string): void => {
  expect(act).toThrow(
    expect.objectContaining({
      code: 'configuration',
      message: expect.stringContaining(`"${name}"`) as string,
      hint: expect.stringContaining(suggestion) as string,
    }),
  )
}

describe('createOAuthClient()', () => {
  it.each([
    ['client_id', 'clientId'],
    ['clientID', 'clientId'],
    ['redirect_uri', 'redirectUri'],
    ['redirectUrl', 'redirectUri'],
    ['post_logout_redirect_uri', 'postLogoutRedirectUri'],
    ['scopes', 'scope'],
    ['resource', 'resources'],
    ['authority', 'issuer'],
    ['onTokenset', 'onTokenSet'],
    ['storge', 'storage'],
    ['stepup', 'stepUp'],
    ['audience', 'params'],
  ])('refuses the unknown option "%s" and suggests "%s"', (name, suggestion) => {
    refused(() => createOAuthClient({ ...settings, [name]: 'x' }), name, `Did you mean "${suggestion}"?`)
  })

  it('lists the options where none is similar', () => {
    //
    refused(() => createOAuthClient({ ...settings, zebra: 1 } as never), 'zebra', 'The options are: issuer, ')
  })

  it.each([
    [{ resources: [{ url: 'https://api.example/', tokenplacement: 'query' }] }, 'tokenplacement', 'tokenPlacement'],
    [{ dpop: { algorithm: 'ES256' } }, 'algorithm', 'alg'],
    [{ requestObject: { key: {}, publis: '1' } }, 'publis', 'publish'],
    [{ environment: { openchannel: undefined, lock: {} } }, 'lock', 'locks'],
  ])('refuses unknown members of %j', (options, name, suggestion) => {
    refused(() => createOAuthClient({ ...settings, ...options } as never), name, suggestion)
  })

  it('takes its own options again, and an unknown one that is undefined', () => {
    const { options } = createOAuthClient(settings)
    expect(createOAuthClient({ ...options, callback: undefined } as never).options.clientId).toBe('client-1')
    expect(Object.keys(CLIENT_OPTIONS)).toContain('postLogoutRedirectUri')
  })
})

describe('calls of a client', () => {
  it.each([
    ['login', [{ return_to: '/orders' }], 'returnTo'],
    ['login', [{ scopes: 'a' }], 'scope'],
    ['logout', [{ locale: true }], 'local'],
    ['refresh', [{ refresh_token: 'r' }], 'refreshToken'],
    ['getAccessToken', [{ resorce: 'https://api.example/' }], 'resource'],
    ['userInfo', [{ signall: 1 }], 'signal'],
    ['revoke', ['token', { token_type_hint: 'access_token' }], 'tokenTypeHint'],
    ['fetch', ['https://api.example/', { witholdToken: true }], 'withholdToken'],
  ])('%s() refuses unknown options: %j', async (name, given, suggestion) => {
    const { client, server } = await createClientBench()
    await client.login()
    const sent = server.log.length
    const call = (client as unknown as Record<string, (...given: unknown[]) => Promise<unknown>>)[name]
    const error: unknown = await call?.(...given).catch((cause: unknown) => cause)
    expect(error).toMatchObject({ code: 'configuration', hint: `Did you mean "${suggestion}"?` })
    expect(client.getSnapshot()).toMatchObject({ status: 'signed-in', error })
    expect(server.log).toHaveLength(sent)
  })

  it('createAuthorizationUrl() refuses unknown options', async () => {
    const { client } = await createClientBench()
    await expect(createAuthorizationUrl(client, { code_verifier: 'v' } as never)).rejects.toMatchObject({
      hint: 'Did you mean "codeVerifier"?',
    })
  })

  it.each(['transport', 'fallback'])(
    'createAuthorizationUrl() refuses "%s" of login(): the app sends the request',
    async (name) => {
      const { client } = await createClientBench()
      await expect(createAuthorizationUrl(client, { [name]: 'redirect' } as never)).rejects.toMatchObject({
        code: 'configuration',
        message: expect.stringContaining(`"${name}"`) as string,
      })
    },
  )

  it('createAuthorizationUrl() accepts the options of login() and its own', async () => {
    const { client } = await createClientBench()
    const codeVerifier = 'v'.repeat(43)
    const created = await createAuthorizationUrl(client, { prompt: 'login', returnTo: '/a', state: 'state-1', codeVerifier })
    expect(created).toMatchObject({ state: 'state-1', codeVerifier })
  })

  it('login() says what to do with the event of onClick={login}', async () => {
    const { client, server } = await createClientBench()
    const event = Object.defineProperty(new Event('click'), 'isTrusted', { value: true, enumerable: true })
    await expect(client.login(event as never)).rejects.toMatchObject({
      hint: expect.stringContaining('onClick={() =>') as string,
    })
    expect(countOf(server, 'POST /token')).toBe(0)
  })

  it('fetch() takes the members that a runtime adds to RequestInit', async () => {
    const { client } = await createClientBench()
    await client.login()
    const init = { next: { revalidate: 60 }, cf: {}, duplex: 'half', priority: 'low', withholdToken: true }
    expect((await client.fetch('https://api.example/', init as never)).status).toBe(404)
  })

  it('on() refuses an unknown event', () => {
    refused(() => createOAuthClient(settings).on('signedin' as never, () => undefined), 'signedin', 'Did you mean "signed-in"?')
    refused(() => createOAuthClient(settings).on('typo' as never, () => undefined), 'typo', 'The events are: signed-in')
  })
})

describe('other doors', () => {
  it('the registry refuses unknown options, also of clients that are not used yet, and unknown events', () => {
    refused(() => createOAuthRegistry({ a: settings }, { fetch_token: () => undefined } as never), 'fetch_token', 'fetchToken')
    refused(() => createOAuthRegistry({ a: { ...settings, apiBaseURI: '/' } as never }), 'apiBaseURI', '')
    refused(() => createOAuthRegistry({ a: settings }).on('eror' as never, () => undefined), 'eror', 'error')
  })

  it('a client of a grant refuses unknown options', async () => {
    const grant = passwordGrant({ issuer, clientId: 'a', client_secret: 's' } as never, { username: 'u', password: 'p' })
    await expect(grant).rejects.toMatchObject({ code: 'configuration', hint: 'Did you mean "clientSecret"?' })
  })

  it.each<[string, (client: never) => Promise<unknown>]>([
    ['verifyIdToken()', (client) => verifyIdToken(client, 'a.b.c')],
    ['introspectToken()', (client) => introspectToken(client)],
  ])('%s is named in the message about its client', async (name, call) => {
    const code = 'configuration'
    const message = expect.stringContaining(name) as string
    await expect(call({ issuer, client_id: 'a' } as never)).rejects.toMatchObject({ code, message })
    await expect(call(undefined as never)).rejects.toMatchObject({ code, message })
  })

  it('grants refuse unknown options', async () => {
    const grant = passwordGrant({ issuer, clientId: 'a' }, { username: 'u', password: 'p', scopes: 'x' } as never)
    await expect(grant).rejects.toMatchObject({ code: 'configuration', hint: 'Did you mean "scope"?' })
  })

  it('the two halves of a worker client refuse what belongs to the other half', () => {
    const worker = { postMessage: () => undefined, addEventListener: () => undefined }
    refused(() => workerClient({ ...settings, worker, scope: 'openid' } as never), 'scope', 'serveClient()')
    refused(() => workerClient({ ...settings, worker, sillent: [] } as never), 'sillent', 'silent')
    const scope = { location: { origin: 'https://app.example' }, addEventListener: () => undefined }
    expect(() => serveClient({ ...settings, transport: 'popup' } as never, scope)).toThrow('workerClient()')
    refused(() => serveClient({ ...settings, slient: [] } as never, scope), 'slient', '')
    refused(
      () => serveClient({ ...settings, reveal_id_token_hint: true } as never, scope),
      'reveal_id_token_hint',
      'revealIdTokenHint',
    )
  })
})

describe('mostSimilar()', () => {
  it.each([
    ['client_secret', 'clientSecret'],
    ['clientSecert', 'clientSecret'],
    ['constructor', undefined],
    ['__proto__', undefined],
    ['x', undefined],
  ])('finds for "%s": %s', (name, expected) => {
    expect(mostSimilar(name, Object.keys(CLIENT_OPTIONS))).toBe(expected)
  })
})
