// Capacitor: the system's browser on top of the app, and a link that opens the app again.
import { createAuthorizationUrl, createOAuthClient, exchange, memory, type OAuthClient } from '@latchkey/core'
import { capacitorTransport, type CapacitorPlugins } from '@latchkey/core/native'
import { describe, expect, it } from 'vitest'
import { alice } from '../harness/users.js'
import { createHostWorld, type HostWorld } from './host-world.js'

const redirectUri = 'com.example.app:/callback'

interface Phone extends CapacitorPlugins {
  /** The system opens the app with a URL. */
  readonly openApp: (url: string) => void
  readonly finishBrowser: () => void
  readonly listeners: () => number
  readonly closed: () => number
}

/** @param onOpen what happens in the system's browser */
function createPhone(onOpen: (url: string, phone: Phone) => void | Promise<void>): Phone {
  const urlListeners = new Set<(event: { url: string }) => void>()
  const finishedListeners = new Set<() => void>()
  let closed = 0
  const phone: Phone = {
    app: { addListener: (_event, listener) => registered(urlListeners, listener) },
    browser: {
      addListener: (_event, listener) => registered(finishedListeners, listener),
      open: async ({ url }) => onOpen(url, phone),
      // Android does not have this method.
      close: async () => {
        closed += 1
        throw new Error('not implemented')
      },
    },
    openApp: (url) => urlListeners.forEach((listener) => listener({ url })),
    finishBrowser: () => finishedListeners.forEach((listener) => listener()),
    listeners: () => urlListeners.size + finishedListeners.size,
    closed: () => closed,
  }
  return phone
}

async function registered<Listener>(listeners: Set<Listener>, listener: Listener): Promise<{ remove(): Promise<void> }> {
  listeners.add(listener)
  return { remove: async () => void listeners.delete(listener) }
}

function createClient({ issuer, fetch }: HostWorld, phone: CapacitorPlugins, storage = memory()): OAuthClient {
  return createOAuthClient({ issuer, clientId: 'native', redirectUri, fetch, storage, transport: capacitorTransport(phone) })
}

describe('capacitorTransport()', () => {
  it('signs in through the system’s browser and removes its listeners', async () => {
    const world = createHostWorld(redirectUri)
    const phone = createPhone(async (url, { openApp }) => openApp(await world.signIn(url)))
    const client = createClient(world, phone)
    const result = await client.login({ returnTo: '/orders' })
    expect(result).toMatchObject({ returnTo: '/orders', tokenSet: { claims: { sub: alice.sub } } })
    expect(phone.listeners()).toBe(0)
    expect(phone.closed()).toBe(1)
  })

  it('ignores URLs that are not the response to its request', async () => {
    const world = createHostWorld(redirectUri)
    const phone = createPhone(async (url, { openApp }) => {
      const callbackUrl = await world.signIn(url)
      openApp('com.example.app:/orders/7')
      openApp('com.example.app:/callback?code=planted&state=planted')
      openApp(callbackUrl.replace('com.example.app:/callback', 'com.example.other:/callback'))
      openApp(callbackUrl)
    })
    const client = createClient(world, phone)
    expect((await client.login())?.tokenSet.claims?.sub).toBe(alice.sub)
  })

  it('accepts a response that arrives just after the browser was closed, as on Android', async () => {
    const world = createHostWorld(redirectUri)
    const phone = createPhone(async (url, { openApp, finishBrowser }) => {
      const callbackUrl = await world.signIn(url)
      finishBrowser()
      setTimeout(() => openApp(callbackUrl), 50)
    })
    await createClient(world, phone).login()
    expect(phone.listeners()).toBe(0)
  })

  it('fails if the user closes the browser', async () => {
    const phone = createPhone((_url, { finishBrowser }) => finishBrowser())
    const client = createClient(createHostWorld(redirectUri), phone)
    await expect(client.login()).rejects.toMatchObject({ code: 'popup_closed' })
    expect(phone.listeners()).toBe(0)
  })

  it('stops waiting when it is aborted', async () => {
    const controller = new AbortController()
    const phone = createPhone(() => controller.abort())
    const login = createClient(createHostWorld(redirectUri), phone).login({ signal: controller.signal })
    await expect(login).rejects.toMatchObject({ code: 'aborted' })
    expect(phone.listeners()).toBe(0)
  })

  it('accepts the response at the next start if the system ended the app meanwhile', async () => {
    const world = createHostWorld(redirectUri)
    const storage = memory()
    const launchUrl = new Promise<string>((resolve) => {
      const killed = createPhone((url) => void world.signIn(url).then(resolve))
      void createClient(world, killed, storage).login()
    })
    const client = createClient(
      world,
      createPhone(() => undefined),
      storage,
    )
    expect(client.isCallback('com.example.app:/orders/7')).toBe(false)
    expect(client.isCallback(await launchUrl)).toBe(true)
    expect((await client.handleCallback(await launchUrl))?.tokenSet.claims?.sub).toBe(alice.sub)
  })
})

describe('createAuthorizationUrl() and exchange()', () => {
  it('sign in together, for hosts without a matching transport', async () => {
    //
    const world = createHostWorld(redirectUri)
    const storage = memory()
    const { url, state } = await createAuthorizationUrl(
      createClient(
        world,
        createPhone(() => undefined),
        storage,
      ),
    )
    expect(url.searchParams.get('state')).toBe(state)
    const callbackUrl = await world.signIn(url.href)
    const later = createClient(
      world,
      createPhone(() => undefined),
      storage,
    )
    expect((await exchange(later, callbackUrl))?.tokenSet.claims?.sub).toBe(alice.sub)
    // Redeemed once: no request waits for the response any more.
    await expect(exchange(later, callbackUrl)).rejects.toMatchObject({ code: 'mismatching_state' })
  })
})
