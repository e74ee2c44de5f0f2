import { describe, expect, it } from 'vitest'
import { connectToResource, memory, resumeConnection } from '../index.js'
import { FakePage } from '../sign-in/fake-page.fixture.js'
import { sharedStorage } from '../storage/shared-storage.fixture.js'
import { createResourceWorld, RESOURCE, REDIRECT_URI, type ResourceWorld } from './resource-world.fixture.js'

const OTHER = 'https://mcp.example/other'

/** Starts a sign-in by redirect in a page. @returns the next page of the tab, with the authorization response */
async function redirect(world: ResourceWorld): Promise<FakePage> {
  const page = new FakePage(REDIRECT_URI)
  page.click()
  const connection = await connectToResource(RESOURCE, inPage(world, page))
  void connection.connect({ returnTo: '/tools' })
  const url = new URL(await page.leaves())
  const callback = await world.navigate({ url, state: url.searchParams.get('state') ?? '', redirectUri: REDIRECT_URI })
  return new FakePage(callback.href, page.sessionStorage)
}

function inPage(world: ResourceWorld, { window }: FakePage): ResourceWorld['options'] {
  return { ...world.options, transport: undefined, environment: { window } } as never
}

describe('resumeConnection()', () => {
  it.each([
    ['a storage that outlives the page', (world: ResourceWorld) => world.options.storage],
    ['a storage that ends with the page', () => memory()],
  ])('completes the sign-in by redirect whose response is in the address bar, with %s', async (_, storageOf) => {
    const world = createResourceWorld()
    await connectToResource(RESOURCE, world.options)
    const next = await redirect(world)
    const connection = await resumeConnection({ ...inPage(world, next), storage: storageOf(world) })
    expect([connection?.url, connection?.client.getSnapshot().status]).toEqual([RESOURCE, 'signed-in'])
    expect((await connection?.fetch(RESOURCE))?.status).toBe(200)
    expect(next.location.href).toBe('https://app.example/tools')
    expect(world.log.filter((line) => line.endsWith('/register'))).toHaveLength(1)
    expect(Object.keys(next.sessionStorage).filter((key) => key.startsWith('latchkey/connection/'))).toEqual([])
  })

  it('needs no copy in the storage of the tab where the storage outlives the page', async () => {
    const world = createResourceWorld()
    const page = new FakePage(REDIRECT_URI)
    page.click()
    const connection = await connectToResource(RESOURCE, { ...inPage(world, page), storage: sharedStorage() })
    void connection.connect()
    await page.leaves()
    expect(Object.keys(page.sessionStorage).filter((key) => key.startsWith('latchkey/connection/'))).toEqual([])
  })

  it('is what connectToResource() does with the same URL, also if a router has replaced the address', async () => {
    const world = createResourceWorld()
    const next = await redirect(world)
    const connecting = connectToResource(RESOURCE, inPage(world, next))
    next.history.replaceState(null, '', '/home')
    expect((await connecting).client.getSnapshot().status).toBe('signed-in')
  })

  it('shows why the sign-in failed, and requests nothing', async () => {
    const world = createResourceWorld()
    const next = await redirect(world)
    next.location.searchParams.delete('code')
    next.location.searchParams.set('error', 'access_denied')
    world.log.length = 0
    const connection = await connectToResource(RESOURCE, inPage(world, next))
    expect(connection.client.getSnapshot()).toMatchObject({ status: 'signed-out', error: { error: 'access_denied' } })
    expect(world.log).toEqual([])
  })

  it.each(['https://app.example/', 'https://app.example/?state=foreign&code=1', 'https://app.example/?state=lk.0.x.0&code=1'])(
    'finds nothing in a page at %s',
    async (address) => {
      const world = createResourceWorld()
      await connectToResource(RESOURCE, world.options)
      world.log.length = 0
      expect(await resumeConnection(inPage(world, new FakePage(address)))).toBeUndefined()
      expect(world.log).toEqual([])
    },
  )

  it('leaves the response of one resource to it', async () => {
    const world = createResourceWorld()
    world.routes['https://mcp.example/.well-known/oauth-protected-resource/other'] = () =>
      Response.json({ resource: OTHER, authorization_servers: ['https://id.example'] })
    const next = await redirect(world)
    const other = await connectToResource(OTHER, inPage(world, next))
    expect(other.client.getSnapshot().status).toBe('signed-out')
    expect((await resumeConnection(inPage(world, next)))?.url).toBe(RESOURCE)
  })
})

describe('a step-up of a connection that signs in by redirect', () => {
  it('leaves no page by itself', async () => {
    const world = createResourceWorld()
    const next = await redirect(world)
    const connection = await connectToResource(RESOURCE, inPage(world, next))
    world.needs = ['write']
    expect((await connection.fetch(RESOURCE)).status).toBe(403)
    expect(next.assigned).toEqual([])
  })

  it('leaves it with the option "stepUp", for the wider scope of the same resource', async () => {
    const world = createResourceWorld()
    const next = await redirect(world)
    const connection = await connectToResource(RESOURCE, { ...inPage(world, next), stepUp: 'redirect' })
    world.needs = ['write']
    void connection.fetch(RESOURCE).catch(() => undefined)
    const { searchParams } = new URL(await next.leaves())
    expect([searchParams.get('scope'), searchParams.getAll('resource')]).toEqual(['write', [RESOURCE]])
  })
})
