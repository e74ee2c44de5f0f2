import { describe, expect, it } from 'vitest'
import { clientCredentialsGrant, deviceAuthorization, passwordGrant } from '../grants.js'
import { createOAuthRegistry } from '../registry/registry.js'
import { openSharedTabs } from '../storage/shared-storage.fixture.js'
import { createAuthorizationUrl, exchange } from './authorization-url.js'
import { createOAuthClient } from './create-client.js'
import { createClientBench, instantTransport } from './client.fixture.js'
import type { ClientOptions } from './client-options.js'
import type { OAuthClient } from './client.js'

it('a closed client opens no channel to the other tabs, whatever is called then, until it is started again', async () => {
  const tabs = await openSharedTabs()
  let open = 0
  const openChannel = (name: string): BroadcastChannel => {
    const channel = new BroadcastChannel(name)
    open += 1
    const close = channel.close.bind(channel)
    channel.close = () => ((open -= 1), close())
    return channel
  }
  const client = await tabs.open({ environment: { openChannel } })
  await client.login()
  const refresh = client.refresh().catch(() => undefined)
  await client.close()
  await refresh
  await client.refresh().catch(() => undefined)
  await client.getAccessToken({ forceRefresh: true }).catch(() => undefined)
  expect(open).toBe(0)
  await client.start()
  expect(open).toBe(1)
  await tabs.close()
  expect(open).toBe(0)
})

type Hang = (...given: readonly unknown[]) => Promise<never>
type Call = (client: OAuthClient, hang: Hang) => Promise<unknown>

const login: Call = (client) => client.login()
const refresh: Call = (client) => client.refresh()
const hook = (name: string) => (hang: unknown) => ({ compliance: { [name]: hang } }) as Partial<ClientOptions>
const hungTransport = (member: 'navigate' | 'whileBuilding') => (client: OAuthClient, hang: Hang) =>
  client.login({ transport: { name: 'hung', prepare: () => ({ navigate: hang, [member]: hang, cancel: () => undefined }) } })
const claimsThatHang = (validate: unknown) =>
  ({ claims: { '~standard': { version: 1, vendor: 'test', validate } } }) as Partial<ClientOptions>
const onTokenSet = (hang: unknown) => ({ onTokenSet: hang }) as Partial<ClientOptions>
const clientAuth = (hang: unknown) => ({ clientAuth: hang }) as Partial<ClientOptions>
const none = (): Partial<ClientOptions> => ({})

/** A user is signed in, and the function that hangs works until then. */
async function signedInWith(options: (hang: Hang) => Partial<ClientOptions>) {
  let isHung = false
  let reached: () => void = () => undefined
  const hanging = new Promise<void>((resolve) => (reached = resolve))
  const hang = ((first: unknown) => {
    if (!isHung) return typeof first === 'object' && first && 'sub' in first ? { value: first } : first
    reached()
    return new Promise<never>(() => undefined)
  }) as unknown as Hang
  const bench = await createClientBench(options(hang))
  await bench.client.login({ transport: instantTransport(bench.server) })
  isHung = true
  return { ...bench, hang, hanging }
}

describe('close() ends every call that waits for what never settles', () => {
  it.each<[title: string, call: Call, options: (hang: Hang) => Partial<ClientOptions>]>([
    ['login(): the transport', hungTransport('navigate'), none],
    ['login(): the transport, before the request', hungTransport('whileBuilding'), none],
    ['login(): a hook', login, hook('authorizationRequest')],
    ['login(): the hook of the token request', login, hook('tokenRequest')],
    ['login(): client authentication', login, clientAuth],
    ['login(): onTokenSet', login, onTokenSet],
    ['login(): the schema of the claims', login, claimsThatHang],
    ['refresh(): a hook', refresh, hook('refreshTokenResponse')],
    ['refresh(): client authentication', refresh, clientAuth],
    ['refresh(): onTokenSet', refresh, onTokenSet],
    ['refresh() with another token', (client) => client.refresh({ refreshToken: 'another' }), onTokenSet],
    ['getAccessToken()', (client) => client.getAccessToken({ forceRefresh: true }), onTokenSet],
    ['getAccessToken() with a scope', (client) => client.getAccessToken({ scope: 'profile' }), clientAuth],
    ['fetch(): a hook', (client) => client.fetch('https://api.example/'), hook('protectedRequest')],
    ['revoke()', (client) => client.revoke(), clientAuth],
    ['createAuthorizationUrl()', (client) => createAuthorizationUrl(client), hook('authorizationRequest')],
    ['passwordGrant()', (client) => passwordGrant(client, { username: 'a', password: 'b' }), clientAuth],
    ['clientCredentialsGrant()', (client) => clientCredentialsGrant(client), clientAuth],
  ])('%s', async (_, call, options) => {
    const { client, hang, hanging } = await signedInWith(options)
    const ended = expect(call(client, hang)).rejects.toMatchObject({ code: 'aborted', hint: expect.stringContaining('closed') })
    await Promise.race([hanging, ended])
    await client.close()
    await ended
  })

  it('login(), at once: the code of the sign-in is not loaded yet', async () => {
    const { client } = await createClientBench()
    const hang = (): Promise<never> => new Promise(() => undefined)
    const ended = expect(hungTransport('navigate')(client, hang)).rejects.toMatchObject({ code: 'aborted' })
    await client.close()
    await ended
    expect(client.getSnapshot().activity).toBe('idle')
  })

  it.each<[title: string, call: (client: OAuthClient) => Promise<unknown>]>([
    ['refresh()', (client) => client.refresh()],
    ['refresh() with another token', (client) => client.refresh({ refreshToken: 'another' })],
    ['getAccessToken()', (client) => client.getAccessToken({ forceRefresh: true })],
    ['userInfo()', (client) => client.userInfo()],
    ['revoke()', (client) => client.revoke()],
    ['introspect()', (client) => client.introspect()],
    ['logout() in a frame', (client) => client.logout({ transport: 'iframe' })],
    ['createAuthorizationUrl()', (client) => createAuthorizationUrl(client)],
    ['exchange()', (client) => exchange(client, `${String(client.options.redirectUri)}?code=c&state=unknown`)],
    ['passwordGrant()', (client) => passwordGrant(client, { username: 'a', password: 'b' })],
    ['clientCredentialsGrant()', (client) => clientCredentialsGrant(client)],
  ])('%s, at once: its code is not loaded yet', async (_, call) => {
    const { client, server } = await createClientBench()
    await client.login()
    server.faults = { respond: () => new Promise(() => undefined) }
    const ended = expect(call(client)).rejects.toMatchObject({ code: 'aborted' })
    await client.close()
    await ended
  })

  it('logout(), at once: the user is signed out here', async () => {
    const { client, server } = await createClientBench()
    await client.login()
    server.faults = { respond: () => new Promise(() => undefined) }
    const signOut = client.logout()
    await client.close()
    expect(await signOut).toEqual({ local: true, provider: false })
    expect(client.getSnapshot()).toMatchObject({ status: 'signed-out', activity: 'idle', error: { code: 'aborted' } })
  })

  it('login(), also when a session has ended since', async () => {
    const { client, hang, hanging } = await signedInWith(none)
    const ended = expect(hungTransport('navigate')(client, hang)).rejects.toMatchObject({ code: 'aborted' })
    await Promise.race([hanging, ended])
    const signOut = client.logout({ local: true })
    await client.close()
    await Promise.all([ended, signOut])
  })

  it('handleCallback()', async () => {
    const { client, hanging } = await signedInWith(hook('tokenRequest'))
    const { url } = await createAuthorizationUrl(client)
    const callback = `${client.options.redirectUri}?code=c&state=${url.searchParams.get('state')}&iss=${client.options.issuer}`
    const ended = expect(client.handleCallback(callback)).rejects.toMatchObject({ code: 'aborted' })
    await Promise.race([hanging, ended])
    await client.close()
    await ended
  })

  it('a call of a registry that waits for fetchToken', async () => {
    const { client } = await createClientBench()
    let reached: () => void = () => undefined
    const hanging = new Promise<void>((resolve) => (reached = resolve))
    const fetchToken = (): Promise<never> => (reached(), new Promise(() => undefined))
    const { issuer, clientId, redirectUri, fetch } = client.options as ClientOptions
    const entry = { issuer, clientId, redirectUri, fetch, resources: ['https://api.example/'] } as ClientOptions
    const registry = createOAuthRegistry({ api: entry }, { fetchToken })
    const calls = [registry.api.getAccessToken(), registry.api.get('https://api.example/'), registry.api.userInfo()]
    const ended = calls.map((call) => expect(call).rejects.toMatchObject({ code: 'aborted' }))
    await hanging
    await registry.close()
    await Promise.all(ended)
  })
})

it('close() stops the polling of a grant, and its timer', async () => {
  const server = { issuer: 'https://id.example', token_endpoint: 'https://id.example/token' }
  const metadata = { ...server, device_authorization_endpoint: 'https://id.example/device' }
  const urls: string[] = []
  const fetch = (async (input: RequestInfo | URL) => {
    urls.push(new Request(input).url)
    return Response.json({ device_code: 'd', user_code: 'u', verification_uri: 'https://id.example/go', interval: 900 })
  }) as typeof globalThis.fetch
  const client = createOAuthClient({ server: metadata, clientId: 'tv', redirectUri: 'https://app.example/', fetch })
  const approval = await deviceAuthorization(client)
  let stopped: AbortSignal | undefined
  const wait = (_: number, signal: AbortSignal | undefined): Promise<never> => ((stopped = signal), new Promise(() => undefined))
  const ended = expect(approval.poll({ wait })).rejects.toMatchObject({ code: 'aborted' })
  await client.close()
  await ended
  expect([stopped?.aborted, urls]).toEqual([true, [metadata.device_authorization_endpoint]])
})
