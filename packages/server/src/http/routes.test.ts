import { registration } from '../features/registration/registration.js'
import { describe, expect, it } from 'vitest'
import { device } from '../features/device/device.js'
import { authorizePath, testBrowser, tokenRequest } from '../server/test-browser.fixture.js'
import { clientStore } from '../storage/client-store.js'
import { memoryStore } from '../storage/memory-store.js'
import { userSite } from '../site/user-site.js'
import { ALICE, testServer } from '../server/test-server.fixture.js'

describe('a server on the host of an app', () => {
  const issuer = 'https://app.example'
  const handles = async (options: Parameters<typeof testServer>[0], path: string): Promise<boolean> =>
    (await testServer({ issuer, ...options })).server.handles(new URL(path, issuer))

  it('leaves paths of absent endpoints to the app', async () => {
    for (const path of ['/register', '/register/1', '/device', '/device_authorization', '/', '/nothing'])
      expect(await handles({}, path), path).toBe(false)
    expect(await handles({}, '/token')).toBe(true)
  })

  it('handles them if it has the endpoint', async () => {
    const registering = { features: [registration()], clients: clientStore(memoryStore()) }
    for (const path of ['/register', '/register/1']) expect(await handles(registering, path), path).toBe(true)
    for (const path of ['/device', '/device_authorization'])
      expect(await handles({ features: [device()] }, path), path).toBe(true)
  })
})

describe('an unexpected error', () => {
  it('gets a response even if the listeners for errors and events fail too', async () => {
    // covers C-009
    const broken = (): never => {
      throw new Error('the log is full')
    }
    const site = { ...userSite({ users: [ALICE] }), authenticate: broken }
    const rejects = (): Promise<never> => Promise.reject(new Error('the log is full'))
    for (const onEvent of [broken, rejects]) {
      const { server } = await testServer({ site, hooks: { onError: broken, onEvent } })
      const result = await testBrowser(server).get(authorizePath())
      expect(new URL(result.headers.get('location') ?? '').searchParams.get('error')).toBe('server_error')
      expect((await server.fetch(tokenRequest({ client_id: 'spa' }))).status).toBe(400)
    }
  })
})
