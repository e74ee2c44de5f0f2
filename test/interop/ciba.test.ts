import { createServer, type Server } from 'node:http'
import { createOAuthClient, memory, OAuthClientError } from '@latchkey/core'
import { clientSecretBasic, clientSecretJwt } from '@latchkey/core/client-auth'
import { ciba as askByCiba } from '@latchkey/core/grants'
import { createAuthorizationServer, userSite } from '@latchkey/server'
import { ciba } from '@latchkey/server/ciba'
import { toNodeHandler } from '@latchkey/server/node'
import * as openid from 'openid-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const SECRET = 'a secret of more than thirty-two bytes, for HMAC'

let http: Server
let issuer: URL

beforeAll(async () => {
  http = createServer()
  await new Promise<void>((resolve) => void http.listen(0, '127.0.0.1', resolve))
  const address = http.address()
  issuer = new URL(`http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/oauth`)
  const server = createAuthorizationServer({
    issuer: issuer.href,
    clients: [
      { clientId: 'till', clientName: 'The till', clientSecret: SECRET, redirectUris: [] },
      { clientId: 'hmac', clientSecret: SECRET, redirectUris: [], tokenEndpointAuthMethod: 'client_secret_jwt' },
    ],
    features: [ciba({ interval: 1 })],
    site: userSite({ users: [{ sub: 'alice', claims: { name: 'Alice', email: 'alice@example.com' } }] }),
  })
  const handle = toNodeHandler(server)
  http.on('request', (request, response) => void handle(request, response))
})

afterAll(() => {
  http.closeAllConnections()
  return new Promise((resolve) => http.close(resolve))
})

/** Signs the user in with a browser that belongs to no client, finds the request by its message and decides it. */
async function decide(message: string, decision: 'approve' | 'deny'): Promise<void> {
  const jar = new Map<string, string>()
  const open = async (body?: URLSearchParams): Promise<string> => {
    const headers = { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') }
    const response = await fetch(`${issuer.href}/approve`, { headers, ...(body ? { method: 'POST', body } : {}) })
    for (const line of response.headers.getSetCookie()) {
      const [name = '', value = ''] = line.split(';')[0]?.split('=') ?? []
      jar.set(name, value)
    }
    return response.text()
  }
  const field = (page: string, name: string): string => new RegExp(`name="${name}" value="([^"]*)"`).exec(page)?.[1] ?? ''
  const signIn = await open()
  const page = await open(new URLSearchParams({ csrf: field(signIn, 'csrf'), action: 'sign-in', user: 'alice' }))
  const [article = ''] = page.split('<article').filter((part) => part.includes(`<bdi>${message}</bdi>`))
  await open(new URLSearchParams({ csrf: field(article, 'csrf'), request: field(article, 'request'), decision }))
}

describe.concurrent('openid-client signs a user in by CIBA', () => {
  const METHODS = { till: () => openid.ClientSecretBasic(SECRET), hmac: () => openid.ClientSecretJwt(SECRET) }
  const discover = (clientId: keyof typeof METHODS): Promise<openid.Configuration> =>
    openid.discovery(issuer, clientId, undefined, METHODS[clientId](), { execute: [openid.allowInsecureRequests] })

  it.each(['till', 'hmac'] as const)('as "%s"', async (clientId) => {
    const config = await discover(clientId)
    const request = await openid.initiateBackchannelAuthentication(config, {
      scope: 'openid profile',
      login_hint: 'alice@example.com',
      binding_message: `openid-client ${clientId}`,
    })
    const polling = openid.pollBackchannelAuthenticationGrant(config, request)
    await decide(`openid-client ${clientId}`, 'approve')
    const tokens = await polling
    expect(tokens.claims()).toMatchObject({ sub: 'alice', aud: clientId, auth_time: expect.any(Number) })
    expect((await openid.fetchUserInfo(config, tokens.access_token, 'alice')).name).toBe('Alice')
    expect((await openid.refreshTokenGrant(config, tokens.refresh_token ?? '')).access_token).toBeTypeOf('string')
    const again = await openid.initiateBackchannelAuthentication(config, {
      scope: 'openid',
      id_token_hint: tokens.id_token ?? '',
    })
    expect(again.auth_req_id).not.toBe(request.auth_req_id)
  })

  it('reports that the user refused', async () => {
    const config = await discover('till')
    const params = { scope: 'openid', login_hint: 'alice', binding_message: 'to be refused' }
    const polling = openid.pollBackchannelAuthenticationGrant(
      config,
      await openid.initiateBackchannelAuthentication(config, params),
    )
    await Promise.all([expect(polling).rejects.toMatchObject({ error: 'access_denied' }), decide('to be refused', 'deny')])
  })
})

describe.concurrent("Latchkey's client signs a user in by CIBA", () => {
  const methods = { till: clientSecretBasic(SECRET), hmac: clientSecretJwt(SECRET) }

  it.each(['till', 'hmac'] as const)('as "%s"', async (clientId) => {
    const client = createOAuthClient({ issuer: issuer.href, clientId, scope: 'openid profile', storage: memory() })
    await client.start()
    const options = { loginHint: 'alice', bindingMessage: `Latchkey ${clientId}`, clientAuth: methods[clientId] }
    const request = await askByCiba(client, options)
    expect(request.expiresAt).toBeGreaterThan(Date.now())
    const reasons: string[] = []
    const polling = request.poll({
      onProgress({ reason }) {
        reasons.push(reason)
        if (reasons.length === 1) void decide(`Latchkey ${clientId}`, 'approve')
      },
    })
    expect(await polling).toMatchObject({ scope: 'openid profile', claims: { sub: 'alice', aud: clientId, name: 'Alice' } })
    expect(reasons[0]).toBe('pending')
    expect(client.getSnapshot()).toMatchObject({ status: 'signed-in', claims: { sub: 'alice' } })
    await client.close()
  })

  it('reports that the user refused or did not respond in time', async () => {
    const subject = { issuer: issuer.href, clientId: 'till', scope: 'openid' }
    const ask = (more: object) => askByCiba(subject, { loginHint: 'alice', clientAuth: methods.till, ...more })
    const refused = (await ask({ bindingMessage: 'refuse me' })).poll()
    await Promise.all([expect(refused).rejects.toMatchObject({ error: 'access_denied' }), decide('refuse me', 'deny')])
    await expect((await ask({ requestedExpiry: 1 })).poll()).rejects.toMatchObject({ error: 'expired_token' })
    await expect(ask({ loginHint: 'mallory' })).rejects.toBeInstanceOf(OAuthClientError)
    await expect(ask({ loginHint: 'mallory' })).rejects.toMatchObject({ error: 'unknown_user_id' })
  })
})
