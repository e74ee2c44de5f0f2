// Endpoints besides the sign-in, in real Chromium against oidc-provider: device, registration, introspection and revocation.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { introspectToken, type ClientRegistration } from '@latchkey/core/endpoints'
import type { Configuration } from 'oidc-provider'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { launchChromium, sees } from '../harness/browser.js'
import { allowOrigin, createExtensionsWorld, type ExtensionsOptions, type ExtensionsWorld } from '../harness/extensions-world.js'
import { alice } from '../harness/users.js'
import type { ExtensionsWindow } from './extensions-app/settings.js'

let browser: Browser
let world: ExtensionsWorld
beforeAll(async () => {
  browser = await launchChromium()
})
afterAll(() => browser.close())
afterEach(async () => {
  await world.close()
  expect(world.visitor.unhandled).toEqual([])
})

async function open(extensions: ExtensionsOptions = {}): Promise<void> {
  world = await createExtensionsWorld(browser, extensions)
  await world.open()
}

function readTokenSet() {
  return world.page.evaluate(() => (window as unknown as ExtensionsWindow).latchkey.client.getTokenSet())
}

interface DeviceWindow extends ExtensionsWindow {
  /** Result of the polling. */
  outcome: Promise<string>
  readonly progress: string[]
}

describe('device authorization (RFC 8628)', () => {
  const deviceClient: ExtensionsOptions = {
    client: { grant_types: ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token', 'authorization_code'] },
  }

  /** The page requests a code and polls for the decision, more often than the server's interval of five seconds. */
  function begin(): Promise<{ readonly userCode: string; readonly verificationUri: string }> {
    return world.page.evaluate(async () => {
      const page = window as unknown as DeviceWindow
      const { client, grants } = page.latchkey
      const begun = await grants.deviceAuthorization(client)
      const progress: string[] = []
      Object.assign(page, { progress })
      page.outcome = begun
        .poll({ onProgress: ({ reason }) => progress.push(reason), wait: () => new Promise((done) => setTimeout(done, 300)) })
        .then(
          () => 'signed in',
          (error: { readonly error?: string; readonly message: string }) => error.error ?? error.message,
        )
      return { userCode: begun.userCode, verificationUri: begun.verificationUri }
    })
  }

  /** The user, on another device. */
  async function enterCode(verificationUri: string, userCode: string): Promise<Page> {
    const phone = await (await browser.newContext()).newPage()
    // The provider's page loads a font from another host.
    await phone.route('https://fonts.googleapis.com/**', (route) => route.abort())
    await phone.goto(verificationUri)
    await phone.fill('input[name="user_code"]', userCode)
    await phone.getByRole('button', { name: 'Continue' }).click()
    return phone
  }

  function outcome(): Promise<string> {
    return world.page.evaluate(() => (window as unknown as DeviceWindow).outcome)
  }

  it('signs the page in after the user has approved on another device', async () => {
    await open(deviceClient)
    const { userCode, verificationUri } = await begin()
    const phone = await enterCode(verificationUri, userCode)
    await phone.getByRole('button', { name: 'Continue' }).click()
    await phone.click(world.server.pages.userButton(alice))
    expect(await outcome()).toBe('signed in')
    await sees(world.page, 'subject', alice.sub)
    const progress = await world.page.evaluate(() => (window as unknown as DeviceWindow).progress)
    expect(new Set(progress)).toEqual(new Set(['pending']))
    expect(world.requests('/device/auth')).toEqual(['POST /device/auth'])
    await phone.context().close()
  })

  it('ends with the server’s error when the user refuses', async () => {
    await open(deviceClient)
    const { userCode, verificationUri } = await begin()
    const phone = await enterCode(verificationUri, userCode)
    await phone.getByRole('button', { name: 'Abort' }).click()
    expect(await outcome()).toBe('access_denied')
    await sees(world.page, 'status', 'signed-out')
    await phone.context().close()
  })
})

describe('dynamic client registration (RFC 7591, RFC 7592)', () => {
  // oidc-provider has no CORS at its registration endpoint, so that a page cannot register by itself: a gateway adds it here.
  const front = (request: IncomingMessage, response: ServerResponse): boolean =>
    request.url?.startsWith('/reg') === true && allowOrigin(request, response)

  function register(): Promise<ClientRegistration> {
    return world.page.evaluate(
      ({ issuer, redirectUri }) =>
        (window as unknown as ExtensionsWindow).latchkey.endpoints.registerClient(
          { issuer },
          {
            redirect_uris: [redirectUri],
            token_endpoint_auth_method: 'none',
            grant_types: ['authorization_code', 'refresh_token'],
            response_types: ['code'],
            client_name: 'Registered by itself',
          },
        ),
      { issuer: world.server.issuer, redirectUri: `${world.app.origin}/` },
    )
  }

  it('registers a client that can sign in afterwards', async () => {
    await open({ front })
    const { client_id: clientId, client_secret: secret } = await register()
    expect(secret).toBeUndefined()
    await world.open({ options: { clientId } })
    await world.signInByRedirect()
    expect((await readTokenSet())?.claims?.aud).toBe(clientId)
  })

  it('reads, changes and deletes the registration', async () => {
    await open({ front })
    const registered = await register()
    const told = await world.page.evaluate(
      async ([issuer, client]) => {
        const { endpoints } = (window as unknown as ExtensionsWindow).latchkey
        const read = await endpoints.readRegistration({ issuer }, client)
        const { redirect_uris = [], grant_types = [], response_types = [] } = read
        const wanted = { redirect_uris, grant_types, response_types, token_endpoint_auth_method: 'none', client_name: 'Renamed' }
        const changed = await endpoints.updateRegistration({ issuer }, client, wanted)
        // The server gives a new registration access token with every change.
        const current = { ...client, ...changed }
        await endpoints.deleteRegistration({ issuer }, current)
        const gone = await endpoints.readRegistration({ issuer }, current).then(
          () => 'still there',
          (error: { readonly name: string }) => error.name,
        )
        return { read: read.client_name, changed: changed.client_name, gone }
      },
      [world.server.issuer, registered] as const,
    )
    expect(told).toEqual({ read: 'Registered by itself', changed: 'Renamed', gone: 'ServerError' })
  })
})

describe('introspection (RFC 7662)', () => {
  it('describes the tokens of the page, and none of another client', async () => {
    await open()
    await world.signInByRedirect()
    const told = await world.page.evaluate(async () => {
      const { client, endpoints } = (window as unknown as ExtensionsWindow).latchkey
      const accessToken = client.getTokenSet()?.accessToken ?? ''
      return {
        own: await endpoints.introspectToken(client, { token: accessToken, tokenTypeHint: 'access_token' }),
        refresh: await endpoints.introspectToken(client),
        other: await endpoints.introspectToken(client, { token: 'unknown' }),
      }
    })
    expect(told.own).toMatchObject({ active: true, sub: alice.sub, client_id: 'spa', token_type: 'Bearer' })
    expect(told.refresh).toMatchObject({ active: true, client_id: 'spa' })
    expect(told.other).toEqual({ active: false })
    expect(world.requests('/token/introspection')).toHaveLength(3)
  })

  it('describes tokens to an authenticated API in Node.js, signed on request (RFC 9701)', async () => {
    await open({ configure: withApiClients })
    await world.signInByRedirect()
    const token = (await readTokenSet())?.accessToken ?? ''
    const api = {
      issuer: world.server.issuer,
      clientId: 'api',
      clientAuth: 'client_secret_basic',
      clientSecret: 'api-secret',
    } as const
    expect(await introspectToken(api, { token })).toMatchObject({ active: true, sub: alice.sub })
    const signed = { ...api, compliance: { introspectionRequest: wantsJwt } }
    expect(await introspectToken(signed, { token })).toMatchObject({ active: true, sub: alice.sub })
    await expect(introspectToken({ ...api, clientSecret: 'wrong' }, { token })).rejects.toMatchObject({
      code: 'introspection_error',
      error: 'invalid_client',
    })
  })
})

function withApiClients(usual: Configuration): Configuration {
  const api = {
    client_id: 'api',
    client_secret: 'api-secret',
    redirect_uris: [],
    response_types: [],
    grant_types: [],
    introspection_signed_response_alg: 'RS256',
  } as const
  const features = { ...usual.features, jwtIntrospection: { enabled: true } } as NonNullable<Configuration['features']>
  return { ...usual, clients: [...(usual.clients ?? []), api], features }
}

function wantsJwt(request: Request): Request {
  const headers = new Headers(request.headers)
  headers.set('accept', 'application/token-introspection+jwt')
  return new Request(request, { headers })
}

describe('revocation (RFC 7009)', () => {
  it('ends the refresh token and all that came from it', async () => {
    await open()
    await world.signInByRedirect()
    const outcome = await world.page.evaluate(async () => {
      const { client, endpoints } = (window as unknown as ExtensionsWindow).latchkey
      const accessToken = client.getTokenSet()?.accessToken ?? ''
      await client.revoke()
      const told = await endpoints.introspectToken(client, { token: accessToken })
      const refreshed = await client.refresh().then(
        () => 'refreshed',
        (error: { readonly code: string }) => error.code,
      )
      return { isActive: told.active, refreshed }
    })
    expect(world.requests('/token/revocation')).toEqual(['POST /token/revocation'])
    expect(outcome).toEqual({ isActive: false, refreshed: 'token_invalid' })
    await sees(world.page, 'status', 'signed-out')
  })
})

describe('the redirect after a sign-out (OpenID Connect RP-Initiated Logout 1.0 §3)', () => {
  it('is matched by its state, once; an unknown state is reported and changes nothing', async () => {
    // covers B-052, B-055
    await open()
    await world.signInByRedirect()
    const ignored = (): Promise<readonly string[]> =>
      world.page.evaluate(() => (window as unknown as ExtensionsWindow).latchkey.ignored)
    const left = world.page.waitForURL(/session\/end/)
    await world.page.evaluate(() => void (window as unknown as ExtensionsWindow).latchkey.client.logout())
    await left
    const { searchParams } = new URL(world.page.url())
    const state = searchParams.get('state') ?? ''
    expect(state).toMatch(/^lk\./)
    await world.page.click(world.server.pages.signOutButton ?? '')
    await sees(world.page, 'status', 'signed-out')
    expect(world.page.url()).toBe(`${world.app.origin}/`)
    expect(await ignored()).toEqual([])

    await world.page.goto(`${world.app.origin}/?state=${state}`)
    await sees(world.page, 'status', 'signed-out')
    expect(await ignored()).toEqual(['no sign-out of this browser has the "state" of this response'])
    expect(world.page.url()).toBe(`${world.app.origin}/`)
    expect(await world.page.getByTestId('error').textContent()).toBe('')
  })
})
