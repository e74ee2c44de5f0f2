import { describe, expect, it } from 'vitest'
import { createOAuthClient } from '../client/create-client.js'
import type { OAuthClient } from '../client/client.js'
import type { ClientOptions } from '../client/client-options.js'
import { instantTransport } from '../client/client.fixture.js'
import { ciba, deviceAuthorization, passwordGrant } from '../grants.js'
import type { Channel } from '../platform/environment.js'
import { createTestServer, issuer, metadata, redirectUri, type TestServer } from '../protocol/test-server.fixture.js'
import type { TokenSet } from '../protocol/token-set.js'
import { memory } from '../storage/memory.js'

const server = {
  ...metadata,
  device_authorization_endpoint: `${issuer}/device`,
  backchannel_authentication_endpoint: `${issuer}/ciba`,
}
const wait = (): Promise<void> => Promise.resolve()

type Way = (client: OAuthClient) => Promise<TokenSet | undefined>

const WAYS: ReadonlyArray<readonly [string, Way]> = [
  ['login()', async (client) => (await client.login())?.tokenSet],
  ['passwordGrant()', (client) => passwordGrant(client, { username: 'ada', password: 'password-1' })],
  ['deviceAuthorization()', async (client) => (await deviceAuthorization(client)).poll({ wait })],
  ['ciba()', async (client) => (await ciba(client, { loginHint: 'ada' })).poll({ wait })],
]

/** Channels between the tabs of one test. */
function createBus(): (name: string) => Channel {
  const listeners = new Map<object, (event: { readonly data: unknown }) => void>()
  return () => {
    const channel: Channel = {
      postMessage: (data) => {
        for (const [other, listener] of listeners) if (other !== channel) listener({ data })
      },
      addEventListener: (_type, listener) => void listeners.set(channel, listener),
      close: () => void listeners.delete(channel),
    }
    return channel
  }
}

interface Bench {
  readonly idp: TestServer
  readonly open: () => Promise<OAuthClient>
}

/** @param hasIdToken false: a plain OAuth 2 server, which does not say who the user is */
async function bench(hasIdToken: boolean): Promise<Bench> {
  const idp = await createTestServer()
  idp.faults = {
    token: hasIdToken ? {} : { id_token: undefined },
    respond: ({ url }) => {
      if (url.endsWith('/device'))
        return Response.json({ device_code: 'd', user_code: 'u', verification_uri: `${issuer}/go`, expires_in: 60 })

      return url.endsWith('/ciba') ? Response.json({ auth_req_id: 'r', expires_in: 60 }) : undefined
    },
  }
  const storage = memory()
  const openChannel = createBus()
  const open = async (): Promise<OAuthClient> => {
    const transport = instantTransport(idp)
    const scope = hasIdToken ? 'openid' : 'read'
    const options: ClientOptions = { server, clientId: 'client-1', redirectUri, scope, storage, transport, fetch: idp.fetch }
    const client = createOAuthClient({ ...options, environment: { openChannel } })
    await client.start()
    return client
  }
  return { idp, open }
}

/** @returns the next event */
const next = (client: OAuthClient, name: 'signed-in' | 'user-changed' | 'callback-ignored'): Promise<unknown> =>
  new Promise((resolve) => client.on(name, resolve))

describe.each(WAYS)('a sign-in by %s', (_name, signIn) => {
  it.each([true, false])('emits "signed-in" with the time of the sign-in (ID token: %s)', async (hasIdToken) => {
    const { open } = await bench(hasIdToken)
    const client = await open()
    const events: unknown[] = []
    client.on('signed-in', (event) => events.push(event))
    const tokenSet = await signIn(client)
    expect(events).toEqual([{ tokenSet, returnTo: '/' }])
    expect(tokenSet?.signedInAt).toBeCloseTo(Date.now() / 1000, -1)
    expect(client.getTokenSet()).toBe(tokenSet)
    await client.close()
  })

  it.each([true, false])('is another user’s for the other tabs, even in the same second (ID token: %s)', async (hasIdToken) => {
    const { idp, open } = await bench(hasIdToken)
    const [here, there] = [await open(), await open()]
    await signIn(here)
    await expect.poll(() => there.getSnapshot().status).toBe('signed-in')
    const changed = next(there, 'user-changed')
    idp.faults = { ...idp.faults, claims: { sub: 'user-2' } }
    await signIn(here)
    expect(await changed).toMatchObject(hasIdToken ? { formerSubject: 'user-1', subject: 'user-2' } : { subject: undefined })
    await Promise.all([here.close(), there.close()])
  })

  it('is dropped if the user signs out before its end', async () => {
    const { idp, open } = await bench(true)
    const client = await open()
    const { respond } = idp.faults
    let release: () => void = () => undefined
    const held = new Promise<void>((resolve) => (release = resolve))
    let isAsked = false
    idp.faults = {
      respond: async (request) => {
        if (!request.url.endsWith('/token')) return respond?.(request)
        isAsked = true
        await held
        return undefined
      },
    }
    const result = signIn(client)
    await expect.poll(() => isAsked).toBe(true)
    const ignored = next(client, 'callback-ignored')
    await client.logout({ local: true })
    release()
    await result
    await ignored
    expect(client.getSnapshot().status).toBe('signed-out')
    await client.close()
  })
})
