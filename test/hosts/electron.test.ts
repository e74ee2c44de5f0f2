// Electron and other desktop hosts: a custom URL scheme, or a server on 127.0.0.1.
import { EventEmitter } from 'node:events'
import { createServer } from 'node:http'
import { createOAuthClient, memory, type ClientOptions, type OAuthClient } from '@latchkey/core'
import { electronTransport, openLoopback, type ElectronMain } from '@latchkey/core/native'
import { describe, expect, it } from 'vitest'
import { alice } from '../harness/users.js'
import { createHostWorld, type HostWorld } from './host-world.js'

function createClient({ issuer, fetch }: HostWorld, options: Partial<ClientOptions> = {}): OAuthClient {
  return createOAuthClient({ issuer, clientId: 'native', fetch, storage: memory(), ...options })
}

describe('electronTransport()', () => {
  const redirectUri = 'com.example.desktop:/callback'

  /** @param onOpen what happens in the user's browser; events of the system are emitted on `app` */
  function createElectron(
    onOpen: (url: string, app: EventEmitter) => Promise<void>,
  ): ElectronMain & { readonly app: EventEmitter } {
    const app = new EventEmitter()
    return { app, shell: { openExternal: (url) => onOpen(url, app) } }
  }

  it('accepts the response with which macOS opens the running app', async () => {
    const world = createHostWorld(redirectUri)
    let prevented = 0
    const event = { preventDefault: () => (prevented += 1) }
    const electron = createElectron(async (url, app) => {
      app.emit('open-url', event, 'com.example.desktop:/settings')
      app.emit('open-url', event, await world.signIn(url))
    })
    const client = createClient(world, { redirectUri, transport: electronTransport(electron) })
    expect((await client.login({ returnTo: '/orders' }))?.returnTo).toBe('/orders')
    expect(client.getSnapshot().claims?.sub).toBe(alice.sub)
    expect(prevented).toBe(1)
    expect(electron.app.eventNames()).toEqual([])
  })

  it('accepts the response with which Windows and Linux start a second instance', async () => {
    const world = createHostWorld(redirectUri)
    const electron = createElectron(async (url, app) => {
      app.emit('second-instance', {}, ['/opt/example/desktop', '--flag', await world.signIn(url)])
    })
    const client = createClient(world, { redirectUri, transport: electronTransport(electron) })
    await client.login()
    expect(client.getSnapshot().claims?.sub).toBe(alice.sub)
    expect(electron.app.eventNames()).toEqual([])
  })

  it('fails if the system has no browser', async () => {
    const electron = createElectron(() => Promise.reject(new Error('no application for https')))
    const client = createClient(createHostWorld(redirectUri), { redirectUri, transport: electronTransport(electron) })
    await client.start()
    await expect(client.login()).rejects.toMatchObject({ code: 'popup_blocked' })
    expect(client.getSnapshot()).toMatchObject({ status: 'signed-out', activity: 'idle' })
    expect(electron.app.eventNames()).toEqual([])
  })
})

describe('openLoopback()', () => {
  // Registered without a port: the server accepts any port for a native client (RFC 8252, section 7.3).
  const registered = 'http://127.0.0.1/callback'

  it('signs in through a local port and shows the user a page without the code in its URL', async () => {
    const world = createHostWorld(registered)
    let page: Promise<Response> | undefined
    const loopback = await openLoopback({
      createServer,
      open: async (url) => void (page = fetch(await world.signIn(url))),
    })
    const client = createClient(world)
    const result = await client.login({ transport: loopback.transport, redirectUri: loopback.redirectUri })
    expect(result?.tokenSet.claims?.sub).toBe(alice.sub)
    const shown = await page
    expect(shown?.headers.get('cache-control')).toBe('no-store')
    expect(await shown?.text()).toContain("history.replaceState(null, '', '/')")
    await loopback.close()
    await expect(fetch(loopback.redirectUri)).rejects.toThrow('fetch failed')
  })

  it('responds with 404 to requests that are not the response', async () => {
    const world = createHostWorld(registered)
    const statuses: number[] = []
    const loopback = await openLoopback({
      createServer,
      async open(url) {
        const callbackUrl = await world.signIn(url)
        const forged = new URL(callbackUrl)
        forged.searchParams.set('state', 'another')
        const others: ReadonlyArray<readonly [string, RequestInit?]> = [
          [forged.href],
          [callbackUrl.replace('/callback', '/other')],
          [callbackUrl, { method: 'POST' }],
          [new URL('/favicon.ico', callbackUrl).href],
        ]
        for (const [address, init] of others) statuses.push((await fetch(address, init)).status)
        statuses.push((await fetch(callbackUrl)).status)
      },
    })
    try {
      const client = createClient(world)
      await client.login({ transport: loopback.transport, redirectUri: loopback.redirectUri })
      expect(statuses).toEqual([404, 404, 404, 404, 200])
    } finally {
      await loopback.close()
    }
  })

  it('listens on 127.0.0.1 only', async () => {
    let host: string | undefined
    const loopback = await openLoopback({
      open: () => undefined,
      createServer(listener) {
        const server = createServer(listener)
        server.on('listening', () => {
          const address = server.address()
          host = typeof address === 'object' ? address?.address : undefined
        })
        return server
      },
    })
    await loopback.close()
    expect(host).toBe('127.0.0.1')
  })
})
