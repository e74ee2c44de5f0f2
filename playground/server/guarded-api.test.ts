import { createServer, type Server } from 'node:http'
import { clientCredentials, createAuthorizationServer, jwtGenerator, userSite } from '@latchkey/server'
import { toNodeMiddleware } from '@latchkey/server/node'
import { exportJWK, generateKeyPair } from 'jose'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createGuardedApi } from './guarded-api.js'

const SECRET = 'public-demo-secret-of-32-letters'

let http: Server
let origin: string

beforeAll(async () => {
  http = createServer()
  await new Promise<void>((resolve) => void http.listen(0, '127.0.0.1', resolve))
  const address = http.address()
  origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  const server = createAuthorizationServer({
    issuer: `${origin}/oauth`,
    clients: [{ clientId: 'demo-service', clientSecret: SECRET, redirectUris: [], grantTypes: ['client_credentials'] }],
    grants: [clientCredentials({ scopes: ['admin', 'profile'] })],
    scopes: ['admin', 'profile'],
    site: userSite({ users: [] }),
    tokens: jwtGenerator(),
    keys: [{ ...(await exportJWK(privateKey)), alg: 'ES256', kid: 'first' }],
  })
  const oauth = toNodeMiddleware(server)
  const api = createGuardedApi('/oauth')
  http.on('request', (request, response) => {
    const end = (): void => void response.writeHead(404).end()
    oauth(request, response, () => api(request, response, end))
  })
})

afterAll(() => void (http.closeAllConnections(), http.close()))

async function tokenWith(scope: string): Promise<string> {
  const body = new URLSearchParams({ grant_type: 'client_credentials', scope, client_id: 'demo-service', client_secret: SECRET })
  const response = await fetch(`${origin}/oauth/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`demo-service:${SECRET}`)}` },
    body: new URLSearchParams([...body].filter(([name]) => !name.startsWith('client_'))),
  })
  return String(((await response.json()) as { readonly access_token: unknown }).access_token)
}

it('guards the API of the playground with the tokens of its own server', async () => {
  const call = async (path: string, token?: string): Promise<[number, string | null]> => {
    const response = await fetch(origin + path, { headers: token === undefined ? {} : { authorization: `Bearer ${token}` } })
    return [response.status, response.headers.get('www-authenticate')]
  }
  const token = await tokenWith('profile')
  const response = await fetch(`${origin}/api/me`, { headers: { authorization: `Bearer ${token}` } })
  expect(await response.json()).toMatchObject({ message: 'Hello, demo-service', client_id: 'demo-service', scope: 'profile' })
  expect(await call('/api/me')).toEqual([401, expect.not.stringContaining('error')])
  expect(await call('/api/me', `${token}x`)).toEqual([401, expect.stringContaining('error="invalid_token"')])
  expect(await call('/api/admin', token)).toEqual([403, expect.stringContaining('scope="admin"')])
  expect((await call('/api/admin', await tokenWith('admin')))[0]).toBe(200)
  expect(await call('/api/fresh', token)).toEqual([401, expect.stringContaining('max_age="30"')])
  expect((await call('/api/other', token))[0]).toBe(404)
})
