import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  authorizationCode,
  createAuthorizationServer,
  refreshToken,
  userSite,
  type AuthorizationServerOptions,
  type ClientRecord,
} from '@latchkey/server'
import { exportJWK, generateKeyPair } from 'jose'
import { afterEach, describe, expect, it } from 'vitest'
import { main } from '../main.js'
import { recordOutput } from '../record-output.fixture.js'
import { runDoctor, type DoctorOptions } from './run-doctor.js'

const ISSUER = 'https://id.example.com'
const REDIRECT_URI = 'https://app.example.com/callback'
const CLIENT: ClientRecord = { clientId: 'spa', redirectUris: [REDIRECT_URI] }

// One for all servers: keys take long to create.
const KEYS = [
  { ...(await exportJWK((await generateKeyPair('RS256', { extractable: true })).privateKey)), kid: 'rsa', alg: 'RS256' },
]

/** The embedded server and an app, as one network. */
function network(client: Partial<ClientRecord> = {}, options: Partial<AuthorizationServerOptions> = {}): typeof fetch {
  const server = createAuthorizationServer({
    issuer: ISSUER,
    keys: KEYS,
    clients: [{ ...CLIENT, ...client }],
    grants: [authorizationCode(), refreshToken()],
    site: userSite({ users: [{ sub: 'ada' }], oneClick: true }),
    ...options,
  })
  return async (input, init) => {
    const request = new Request(input, init)
    if (!request.url.startsWith(ISSUER)) return new Response('<title>app</title>', { headers: { 'content-type': 'text/html' } })
    return server.fetch(request)
  }
}

interface Result {
  readonly isHealthy: boolean
  readonly text: string
  readonly codes: readonly string[]
}

const SETUP: DoctorOptions = { clientId: 'spa', redirectUri: REDIRECT_URI, scope: 'openid offline_access' }

async function examine(fetch: typeof globalThis.fetch, options: DoctorOptions = {}, folder = '/none'): Promise<Result> {
  const output = recordOutput()
  const isHealthy = await runDoctor(ISSUER, { ...SETUP, ...options }, output, { fetch, folder })
  const text = output.lines.join('\n')
  return { isHealthy, text, codes: [...text.matchAll(/\((?:error|warning|note): (\w+)\)/g)].map(([, code]) => code ?? '') }
}

describe('latchkey doctor', () => {
  it('prints where the documentation explains each finding', async () => {
    const { text, codes } = await examine(network({ redirectUris: ['https://app.example.com/other'] }))
    const pages = [...text.matchAll(/^ {2}see +https:\/\/\S+\/reference\/doctor#(\w+)$/gm)].map(([, code]) => code)
    expect(codes).toContain('redirect_uri_not_registered')
    expect(pages).toEqual(codes)
  })

  it('finds nothing wrong with an embedded server', async () => {
    const { isHealthy, codes, text } = await examine(network())
    expect({ isHealthy, codes }).toEqual({ isHealthy: true, codes: [] })
    expect(text).toMatch(/0 errors, 0 warnings, 0 notes\.$/)
  })

  it.each([
    ['a redirect URI that is not registered', {}, { redirectUri: `${REDIRECT_URI}/` }, 'redirect_uri_not_registered'],
    ['a client id that is unknown', {}, { clientId: 'spa-2' }, 'client_unknown'],
    ['a scope that the client may not have', { scope: 'openid' }, { scope: 'offline_access' }, 'scope_not_allowed'],
    ['a response type that is not allowed', {}, { responseType: 'id_token' }, 'response_type_not_allowed'],
    ['a client with a secret', { clientSecret: 'a-long-secret-of-the-test-client-1' }, {}, 'client_secret_required'],
    ['another algorithm', {}, { alg: 'ES512' }, 'algorithm_mismatch'],
  ] as const)('finds %s', async (_, client, options, code) => {
    const { isHealthy, codes } = await examine(network(client), options)
    expect({ isHealthy, codes }).toEqual({ isHealthy: false, codes: [code] })
  })

  it('finds a client and a server without refresh tokens', async () => {
    expect((await examine(network({ grantTypes: ['authorization_code'] }))).codes).toEqual(['no_refresh_token'])
    const { isHealthy, codes } = await examine(network({}, { grants: [authorizationCode()] }))
    expect({ isHealthy, codes }).toEqual({ isHealthy: true, codes: ['no_refresh_token'] })
  })

  it('finds a server that allows another origin', async () => {
    const { codes } = await examine(network({}, { corsOrigin: ['https://other.example'] }))
    expect(codes).toEqual(['cors_metadata', 'cors_token', 'cors_jwks', 'cors_userinfo'])
  })

  it('looks at the server alone without a client', async () => {
    const output = recordOutput()
    expect(await runDoctor(ISSUER, {}, output, { fetch: network(), folder: '/none' })).toBe(true)
    expect(output.lines.join('\n')).toContain('not checked, it needs a client id and a redirect URI')
  })

  it('prints JSON', async () => {
    const { text } = await examine(network(), { json: true, clientId: 'x' })
    expect(JSON.parse(text)).toMatchObject({
      findings: [{ code: 'client_unknown', severity: 'error', settings: expect.any(Array) }],
    })
  })

  it('finds several installed copies', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'latchkey-copies-'))
    for (const [path, version] of [
      ['@latchkey/core', '1.0.0'],
      ['some-kit/node_modules/@latchkey/core', '0.9.0'],
    ] as const) {
      await mkdir(join(folder, 'node_modules', path), { recursive: true })
      await writeFile(join(folder, 'node_modules', path, 'package.json'), JSON.stringify({ version }))
    }
    const { isHealthy, codes, text } = await examine(network(), {}, folder)
    expect({ isHealthy, codes }).toEqual({ isHealthy: true, codes: ['several_copies'] })
    expect(text).toMatch(/1\.0\.0 in.*0\.9\.0 in/s)
  })
})

describe('latchkey doctor as a command', () => {
  const servers: Server[] = []
  afterEach(() => {
    for (const server of servers.splice(0)) server.close()
  })

  it('sends the origin of the app, and ends with 1 if users cannot sign in', async () => {
    const origins: (string | undefined)[] = []
    const server = createServer((request, response) => {
      origins.push(request.headers.origin)
      response.writeHead(404).end()
    })
    servers.push(server)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const issuer = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
    const output = recordOutput()
    expect(await main(['doctor', issuer, '--origin', 'http://localhost:5173'], output)).toBe(1)
    expect(output.lines.join('\n')).toMatch(/metadata_unreachable.*status 404/s)
    expect(output.lines.join(' ').replaceAll(/\s+/g, ' ')).toMatch(/as --metadata-url, and to the app as "metadataUrl"/)
    expect(origins[0]).toBe('http://localhost:5173')
  })

  it('says what it expects', async () => {
    const output = recordOutput()
    expect(await main(['doctor', 'id.example.com'], output)).toBe(1)
    expect(output.lines).toEqual([expect.stringMatching(/"issuer" is not a URL.*https:\/\/id\.example\.com/)])
    expect(await main(['doctor'], output)).toBe(1)
    expect(output.lines.join('\n')).toMatch(/missing required argument 'issuer'/)
  })
})
