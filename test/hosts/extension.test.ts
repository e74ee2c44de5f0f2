// A browser extension: the browser's identity API performs the sign-in.
import { createOAuthClient, memory, type OAuthClient } from '@latchkey/core'
import { extensionTransport, type IdentityApi } from '@latchkey/core/native'
import { describe, expect, it } from 'vitest'
import { alice } from '../harness/users.js'
import { createHostWorld, type HostWorld } from './host-world.js'

const redirectUri = 'https://abcdefghijklmnop.chromiumapp.org/'

function createClient({ issuer, fetch }: HostWorld, identity: IdentityApi): OAuthClient {
  const storage = memory()
  return createOAuthClient({ issuer, clientId: 'native', redirectUri, fetch, storage, transport: extensionTransport(identity) })
}

describe('extensionTransport()', () => {
  it('signs in through chrome.identity.launchWebAuthFlow', async () => {
    const world = createHostWorld(redirectUri)
    const launched: boolean[] = []
    const client = createClient(world, {
      launchWebAuthFlow({ url, interactive }) {
        launched.push(interactive)
        return world.signIn(url)
      },
    })
    expect((await client.login())?.tokenSet.claims?.sub).toBe(alice.sub)
    expect(client.getSnapshot().status).toBe('signed-in')
    expect(launched).toEqual([true])
  })

  it('opens no window for a silent sign-in', async () => {
    const world = createHostWorld(redirectUri)
    const client = createClient(world, {
      launchWebAuthFlow: async ({ interactive }) => {
        throw new Error(interactive ? 'a window was opened' : 'User interaction required.')
      },
    })
    await expect(client.login({ prompt: 'none' })).rejects.toMatchObject({ code: 'interaction_required' })
  })

  it.each([
    ['The user did not approve access.', 'popup_closed'],
    ['User cancelled or denied access.', 'popup_closed'],
    ['Authorization page could not be loaded.', 'network'],
  ])('maps the browser’s message %j to the code %s and can be retried', async (words, code) => {
    const world = createHostWorld(redirectUri)
    let turn = 0
    const client = createClient(world, {
      launchWebAuthFlow: async ({ url }) => {
        if (turn++ === 0) throw new Error(words)
        return world.signIn(url)
      },
    })
    await client.start()
    await expect(client.login()).rejects.toMatchObject({ code })
    expect(client.getSnapshot()).toMatchObject({ status: 'signed-out', error: { code } })
    await client.login()
    expect(client.getSnapshot()).toMatchObject({ status: 'signed-in', error: undefined })
  })

  it('reports the server’s error', async () => {
    const world = createHostWorld(redirectUri)
    const client = createClient(world, { launchWebAuthFlow: ({ url }) => world.deny(url) })
    await expect(client.login()).rejects.toMatchObject({ code: 'authorization_error', error: 'access_denied' })
  })

  it('stops waiting when it is aborted', async () => {
    const client = createClient(createHostWorld(redirectUri), { launchWebAuthFlow: () => new Promise(() => undefined) })
    const controller = new AbortController()
    const login = client.login({ signal: controller.signal })
    controller.abort()
    await expect(login).rejects.toMatchObject({ code: 'aborted' })
  })
})
