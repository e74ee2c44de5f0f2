import { describe, expect, it } from 'vitest'
import { createClientBench } from '../client/client.fixture.js'
import { clientCredentialsGrant, passwordGrant } from '../grants.js'
import { createTestServer, issuer } from './test-server.fixture.js'

const user = { username: 'ada', password: 'secret' }

describe('a client secret', () => {
  it('in a page is warned about, once', async () => {
    //
    const warnings: string[] = []
    const server = await createTestServer()
    const client = {
      issuer,
      clientId: 'client-1',
      clientAuth: 'client_secret_post' as const,
      clientSecret: 'a-secret-of-32-characters-or-more',
      fetch: server.fetch,
      environment: { window: { navigator: { onLine: true } } as never },
      logger: { debug: () => undefined, warn: (message: string) => void warnings.push(message) },
    }
    server.faults = { claims: { nonce: undefined } }
    await passwordGrant(client, user)
    await passwordGrant(client, user)
    const [warning, ...more] = warnings.filter((message) => message.includes('secret'))
    expect(warning).toContain('public client with PKCE')
    expect(warning).not.toContain('a-secret-of-32')
    expect(more).toEqual([])
  })

  it('outside a page is not', async () => {
    //
    const warnings: string[] = []
    const server = await createTestServer()
    server.faults = { token: { id_token: undefined } }
    const logger = { debug: () => undefined, warn: (message: string) => void warnings.push(message) }
    const client = { issuer, clientId: 'client-1', clientSecret: 's'.repeat(32), fetch: server.fetch, logger }
    await clientCredentialsGrant(client, { clientAuth: 'client_secret_post' })
    expect(warnings).toEqual([])
  })
})

describe('one request', () => {
  it('ends with its own signal, long before the timeout of the client', async () => {
    //
    const { client, server } = await createClientBench({ timeout: 3600 })
    const controller = new AbortController()
    server.faults = {
      respond: ({ url }) => {
        if (!url.endsWith('/token')) return undefined
        controller.abort()
        return new Promise(() => undefined)
      },
    }
    await expect(passwordGrant(client, { ...user, signal: controller.signal })).rejects.toMatchObject({ code: 'aborted' })
  })

  it('is posted unless a compliance hook changes the method', async () => {
    //
    const asGet = async (request: Request): Promise<Request> => {
      const url = new URL(request.url)
      url.search = await request.text()
      return new Request(url, { method: 'GET' })
    }
    const { client, server } = await createClientBench({ compliance: { tokenRequest: asGet } })
    server.faults = { claims: { nonce: undefined } }
    await passwordGrant(client, user)
    expect(server.log).toContain('GET /token')
    expect(server.log).not.toContain('POST /token')
  })

  it('drops parameters without a value and sends the others of its "params"', async () => {
    //
    const { client, server } = await createClientBench()
    server.faults = { claims: { nonce: undefined } }
    await passwordGrant(client, { ...user, params: { tenant: 'a', empty: undefined, none: null, list: ['b', 'c'] } })
    const body = server.bodies.at(-1)
    expect(body?.get('tenant')).toBe('a')
    expect(body?.getAll('list')).toEqual(['b', 'c'])
    expect(body?.has('empty')).toBe(false)
    expect(body?.has('none')).toBe(false)
  })
})
