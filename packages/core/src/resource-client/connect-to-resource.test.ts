import { describe, expect, it } from 'vitest'
import { type ChooseAuthorizationServer, connectToResource, type NavigateRequest, type ResourceClientOptions } from '../index.js'
import { failure } from '../protocol/sign-in.fixture.js'
import { createResourceWorld, DOCUMENT, formsTo, ISSUER, REDIRECT_URI, RESOURCE } from './resource-world.fixture.js'

const WELL_KNOWN = 'https://mcp.example/.well-known/oauth-protected-resource'
const SERVER_METADATA = `${ISSUER}/.well-known/oauth-authorization-server`

const notFound = (): Response => new Response(null, { status: 404 })

describe('connectToResource()', () => {
  it('ignores the fragment of the URL', async () => {
    const world = createResourceWorld()
    const connection = await connectToResource(`${RESOURCE}#tools`, world.options)
    expect([connection.url, connection.resource]).toEqual([RESOURCE, RESOURCE])
  })

  it('leads from the URL of an API to an authorized fetch, with the resource in each request for a token', async () => {
    const world = createResourceWorld()
    world.challenge = ', scope="tools:list tools:call"'
    const connection = await connectToResource(RESOURCE, world.options)
    expect(connection.client.getSnapshot().status).toBe('signed-out')
    expect(connection.server.issuer).toBe(ISSUER)
    await connection.connect()
    const response = await connection.fetch(RESOURCE, { method: 'POST', body: '{}' })
    expect(await response.json()).toEqual({ scope: 'tools:list tools:call' })

    const [request] = world.authorizations
    expect(request?.searchParams.getAll('resource')).toEqual([RESOURCE])
    expect(request?.searchParams.get('code_challenge_method')).toBe('S256')
    expect(request?.searchParams.get('client_id')).toBe('registered-1')
    await connection.client.refresh()
    const forms = await formsTo(world, `${ISSUER}/token`)
    expect(forms.map((form) => [form.get('grant_type'), form.getAll('resource')])).toEqual([
      ['authorization_code', [RESOURCE]],
      ['refresh_token', [RESOURCE]],
    ])
  })

  it('requests nothing twice, and nothing at all once the session is stored', async () => {
    const world = createResourceWorld()
    const first = await connectToResource(RESOURCE, world.options)
    await first.connect()
    expect(world.log).toEqual([
      `GET ${RESOURCE}`,
      `GET ${WELL_KNOWN}/mcp`,
      `GET ${SERVER_METADATA}`,
      `POST ${ISSUER}/register`,
      `POST ${ISSUER}/token`,
    ])
    await first.close()
    world.log.length = 0
    const second = await connectToResource(RESOURCE, world.options)
    expect(second.client.getSnapshot().status).toBe('signed-in')
    expect([second.resource, second.server.issuer, world.log]).toEqual([RESOURCE, ISSUER, []])
  })

  it('completes the sign-in by redirect after a reload, with the client that started it', async () => {
    const world = createResourceWorld()
    let callback: URL | undefined
    const transport = {
      name: 'redirect',
      prepare: () => ({
        navigate: async (request: NavigateRequest) => {
          callback = await world.navigate(request)
          return undefined
        },
        cancel: () => undefined,
      }),
    }
    const options = { ...world.options, transport }
    await (await connectToResource(RESOURCE, options)).connect()
    const after = await connectToResource(RESOURCE, options)
    await after.client.handleCallback(callback)
    expect((await after.fetch(RESOURCE)).status).toBe(200)
    expect(world.log.filter((line) => line.endsWith('/register'))).toHaveLength(1)
  })

  it.each([
    ['the challenge', { challenge: ', scope="a b"', supported: ['c'], scope: 'd', expected: 'a b' }],
    ['the metadata of the resource', { challenge: '', supported: ['c', 'e', 'c'], scope: 'd', expected: 'c e' }],
    ['the options', { challenge: '', supported: undefined, scope: 'd', expected: 'd' }],
    ['nowhere', { challenge: '', supported: undefined, scope: undefined, expected: null }],
    ['no challenge without a valid word', { challenge: ', scope=" "', supported: ['é', 7], scope: 'd', expected: 'd' }],
  ])('requests the scope from %s', async (_, { challenge, supported, scope, expected }) => {
    const world = createResourceWorld()
    world.challenge = challenge
    world.resource = { scopes_supported: supported }
    const connection = await connectToResource(RESOURCE, { ...world.options, scope })
    await connection.connect()
    expect(world.authorizations[0]?.searchParams.get('scope')).toBe(expected)
  })

  it('takes twenty authorization servers and a hundred words of a scope at most', async () => {
    const world = createResourceWorld()
    const named = Array.from({ length: 500 }, (_, index) => `https://id-${index}.example`)
    world.challenge = `, scope="${named.map((_, index) => `s${index}`).join(' ')}"`
    world.resource = { authorization_servers: [ISSUER, ...named] }
    const offered: unknown[] = []
    const chooseAuthorizationServer: ChooseAuthorizationServer = (servers) => {
      offered.push(...servers)
      return ISSUER
    }
    const connection = await connectToResource(RESOURCE, { ...world.options, chooseAuthorizationServer })
    expect([offered.length, connection.scope.split(' ').length]).toEqual([20, 100])
  })

  it('is the stored one while the network is out of reach', async () => {
    const world = createResourceWorld()
    const first = await connectToResource(RESOURCE, world.options)
    await first.close()
    const options = { ...world.options, fetch: () => Promise.reject(new TypeError('Failed to fetch')) }
    const offline = await connectToResource(RESOURCE, options)
    expect([offline.client.getSnapshot().status, offline.client.options.clientId]).toEqual(['signed-out', 'registered-1'])
    expect((await failure(connectToResource('https://mcp.example/other', options))).code).toBe('network')
  })

  it('takes the challenge that the app has received already', async () => {
    const world = createResourceWorld()
    const headers = { 'www-authenticate': `Bearer resource_metadata="${WELL_KNOWN}/mcp", scope="own"` }
    const challenge = new Response(null, { status: 401, headers })
    const connection = await connectToResource(RESOURCE, { ...world.options, challenge })
    expect([connection.scope, world.log[0]]).toEqual(['own', `GET ${WELL_KNOWN}/mcp`])
  })

  it('binds the tokens to a key if the resource requires it', async () => {
    const world = createResourceWorld()
    world.resource = { dpop_bound_access_tokens_required: true }
    const connection = await connectToResource(RESOURCE, world.options)
    expect(connection.client.options.dpop).toBe(true)
  })

  it('ends the session, and forgets the connection', async () => {
    const world = createResourceWorld()
    const connection = await connectToResource(RESOURCE, world.options)
    await connection.connect()
    await connection.disconnect()
    expect(world.log.at(-1)).toBe(`POST ${ISSUER}/revoke`)
    expect((await failure(connection.fetch(RESOURCE))).code).toBe('missing_token')
    const next = await connectToResource(RESOURCE, world.options)
    expect([next.client.getSnapshot().status, next.client.options.clientId]).toEqual(['signed-out', 'registered-1'])
    await next.forget()
    expect((await connectToResource(RESOURCE, world.options)).client.options.clientId).toBe('registered-2')
  })

  it('is stopped by its signal', async () => {
    const world = createResourceWorld()
    world.routes[`${WELL_KNOWN}/mcp`] = () => new Promise(() => undefined)
    const abort = new AbortController()
    const connecting = failure(connectToResource(RESOURCE, { ...world.options, signal: abort.signal }))
    await expect.poll(() => world.log).toHaveLength(2)
    abort.abort()
    expect((await connecting).code).toBe('aborted')
  })

  it.each([['not a URL'], ['http://mcp.example/mcp'], ['https://user:secret@mcp.example/'], ['javascript:alert(1)']])(
    'refuses the URL "%s" before a request',
    async (url) => {
      const world = createResourceWorld()
      const error = await failure(connectToResource(url, world.options))
      expect([error.code, world.log]).toEqual(['configuration', []])
      expect(error.message).not.toContain('secret')
    },
  )
})

describe('the metadata of the resource', () => {
  it('is searched with the path, then at the root, if no challenge names it', async () => {
    const world = createResourceWorld()
    world.routes[RESOURCE] = () => new Response(null, { status: 405 })
    world.routes[`${WELL_KNOWN}/mcp`] = notFound
    world.routes[WELL_KNOWN] = () => Response.json({ resource: 'https://mcp.example', authorization_servers: [ISSUER] })
    const connection = await connectToResource(RESOURCE, world.options)
    expect(world.log.slice(0, 3)).toEqual([`GET ${RESOURCE}`, `GET ${WELL_KNOWN}/mcp`, `GET ${WELL_KNOWN}`])
    expect(connection.resource).toBe('https://mcp.example')
  })

  it('is searched without cookies and Referer, and without following a redirect', async () => {
    const world = createResourceWorld()
    await connectToResource(RESOURCE, world.options)
    const sent = world.requests.map(({ credentials, redirect, referrerPolicy }) => [credentials, redirect, referrerPolicy].join())
    expect(new Set(sent.slice(0, 3))).toEqual(new Set(['omit,manual,no-referrer']))
  })

  it.each([
    ['a page cannot read the challenge (CORS)', () => Promise.reject(new TypeError('Failed to fetch'))],
    ['the resource redirects', () => new Response(null, { status: 302, headers: { location: 'https://evil.example/' } })],
    ['the resource is not protected, and streams', () => new Response(new ReadableStream(), { status: 200 })],
  ])('is found at its well-known address if %s', async (_, respond) => {
    const world = createResourceWorld()
    world.routes[RESOURCE] = respond
    const connection = await connectToResource(RESOURCE, world.options)
    expect(connection.server.issuer).toBe(ISSUER)
    expect(world.log.join()).not.toContain('evil')
  })

  it('may be absent: then the server of the resource is the authorization server (MCP 2025-03-26)', async () => {
    const world = createResourceWorld()
    world.routes[RESOURCE] = () => new Response(null, { status: 401 })
    world.routes[`${WELL_KNOWN}/mcp`] = notFound
    world.routes['https://mcp.example/.well-known/oauth-authorization-server'] = () =>
      Response.json({
        issuer: 'https://mcp.example/',
        authorization_endpoint: 'https://mcp.example/authorize',
        token_endpoint: 'https://mcp.example/token',
        code_challenge_methods_supported: ['S256'],
      })
    const connection = await connectToResource(RESOURCE, { ...world.options, clientId: 'known' })
    expect([connection.metadata, connection.server.issuer, connection.resource]).toEqual([
      undefined,
      'https://mcp.example/',
      RESOURCE,
    ])
  })

  it.each([
    'https://mcp.example/other',
    'https://mcp.example/mc',
    'https://mcp.example/mcp/deeper',
    'https://victim.example/mcp',
    'https://mcp.example:8443/mcp',
    'http://mcp.example/mcp',
    'https://user@mcp.example/mcp',
    `${RESOURCE}#fragment`,
    `${RESOURCE}?tenant=other`,
    'mcp',
    7,
  ])('is refused if it is for another resource: %s', async (resource) => {
    const world = createResourceWorld()
    world.resource = { resource }
    expect((await failure(connectToResource(RESOURCE, world.options))).code).toBe('invalid_metadata')
    expect(world.log).toHaveLength(2)
  })

  it.each([
    'javascript:alert(1)',
    'data:application/json,{}',
    'http://mcp.example/metadata',
    'http://127.0.0.1/metadata',
    'https://localhost/metadata',
    'https://user:secret@mcp.example/metadata',
    'metadata',
  ])('is not requested at the address "%s" of a challenge', async (address) => {
    const world = createResourceWorld()
    const headers = { 'www-authenticate': `Bearer resource_metadata="${address}"` }
    world.routes[RESOURCE] = () => new Response(null, { status: 401, headers })
    expect((await failure(connectToResource(RESOURCE, world.options))).code).toBe('invalid_metadata')
    expect(world.log).toEqual([`GET ${RESOURCE}`])
  })

  it('is refused, and nothing else is tried, if a document at the well-known address is for another resource', async () => {
    const world = createResourceWorld()
    world.routes[RESOURCE] = () => new Response(null, { status: 401 })
    world.resource = { resource: 'https://victim.example/mcp' }
    expect((await failure(connectToResource(RESOURCE, world.options))).code).toBe('invalid_metadata')
    expect(world.log).toHaveLength(2)
  })

  it.each([
    ['redirects to a private address', () => new Response(null, { status: 302, headers: { location: 'http://10.0.0.1/' } })],
    ['is of two megabytes', () => new Response(`{"resource":"${RESOURCE}","x":"${'x'.repeat(2_000_000)}"}`)],
    ['is not found', notFound],
    ['is a page', () => new Response('<h1>Hello</h1>')],
  ])('is refused, and nothing else is tried, if what a challenge names %s', async (_, respond) => {
    const world = createResourceWorld()
    world.routes[`${WELL_KNOWN}/mcp`] = respond
    expect((await failure(connectToResource(RESOURCE, world.options))).code).toBe('invalid_metadata')
    expect(world.log).toHaveLength(2)
  })

  it('may be on another origin, for this resource only', async () => {
    const world = createResourceWorld()
    const headers = { 'www-authenticate': 'Bearer resource_metadata="https://cdn.example/metadata"' }
    world.routes[RESOURCE] = (request) =>
      request.headers.has('authorization') ? undefined : new Response(null, { status: 401, headers })
    world.routes['https://cdn.example/metadata'] = () =>
      Response.json({ resource: RESOURCE, authorization_servers: [ISSUER], scopes_supported: ['read'] })
    const connection = await connectToResource(RESOURCE, world.options)
    await connection.connect()
    expect((await connection.fetch(RESOURCE)).status).toBe(200)
    expect(world.requests.filter(({ url, headers: sent }) => url.includes('cdn') && sent.has('authorization'))).toEqual([])
  })
})

describe('the authorization server of a resource', () => {
  const issuers = ['https://one.example', ISSUER]

  it('is the one that the app chooses of several', async () => {
    const world = createResourceWorld()
    world.resource = { authorization_servers: issuers }
    const offered: unknown[] = []
    const connection = await connectToResource(RESOURCE, {
      ...world.options,
      chooseAuthorizationServer: (servers, metadata) => {
        offered.push(servers, metadata.resource)
        return ISSUER
      },
    })
    expect([connection.server.issuer, offered]).toEqual([ISSUER, [issuers, RESOURCE]])
  })

  it('is the one of the last connection, unless the app chooses another one', async () => {
    const world = createResourceWorld()
    world.resource = { authorization_servers: issuers }
    const formers: unknown[] = []
    const chooseAuthorizationServer: ChooseAuthorizationServer = (_servers, _metadata, former) => {
      formers.push(former)
      return ISSUER
    }
    await connectToResource(RESOURCE, { ...world.options, chooseAuthorizationServer })
    expect((await connectToResource(RESOURCE, world.options)).server.issuer).toBe(ISSUER)
    await connectToResource(RESOURCE, { ...world.options, chooseAuthorizationServer })
    expect(formers).toEqual([undefined, ISSUER])
  })

  it.each([[undefined], [() => undefined], [() => 'https://evil.example']])(
    'is not guessed: %s',
    async (chooseAuthorizationServer) => {
      const world = createResourceWorld()
      world.resource = { authorization_servers: issuers }
      const error = await failure(connectToResource(RESOURCE, { ...world.options, chooseAuthorizationServer }))
      expect(error).toMatchObject({ code: 'configuration', spec: 'RFC 9728, section 7.6' })
      expect(error.message).toContain(`"https://one.example", "${ISSUER}"`)
      expect(world.log).toHaveLength(2)
    },
  )

  it.each([
    [[]],
    [undefined],
    ['https://id.example'],
    [['javascript:alert(1)']],
    [['http://id.example']],
    [['http://localhost:3000']],
    [[7]],
  ])('is refused if the resource names %j', async (authorization_servers) => {
    const world = createResourceWorld()
    world.resource = { authorization_servers }
    expect((await failure(connectToResource(RESOURCE, world.options))).code).toBe('invalid_metadata')
    expect(world.log).toHaveLength(2)
  })

  it.each([
    [
      'https://id.example/tenant',
      [
        'https://id.example/.well-known/oauth-authorization-server/tenant',
        'https://id.example/.well-known/openid-configuration/tenant',
        'https://id.example/tenant/.well-known/openid-configuration',
      ],
    ],
    [ISSUER, [SERVER_METADATA, 'https://id.example/.well-known/openid-configuration']],
  ])('is searched in the order of MCP: %s', async (issuer, addresses) => {
    const world = createResourceWorld()
    world.resource = { authorization_servers: [issuer] }
    world.server = { issuer }
    world.routes[SERVER_METADATA] = notFound
    const error = await failure(connectToResource(RESOURCE, world.options))
    expect(error.code).toBe('invalid_metadata')
    expect(world.log.slice(2)).toEqual(addresses.map((address) => `GET ${address}`))
    for (const address of addresses) expect(error.message).toContain(address)
  })

  it.each(['https://evil.example', 'https://id.example/other', 'https://ID.example'])(
    'is refused if its metadata names the issuer %s',
    async (issuer) => {
      const world = createResourceWorld()
      world.server = { issuer }
      expect((await failure(connectToResource(RESOURCE, world.options))).code).toBe('issuer_mismatch')
      expect(world.log).toHaveLength(3)
    },
  )

  it('is the same with a slash at the end, and is called as it calls itself', async () => {
    const world = createResourceWorld()
    world.server = { issuer: `${ISSUER}/` }
    const connection = await connectToResource(RESOURCE, world.options)
    await connection.connect()
    expect([connection.server.issuer, connection.client.getSnapshot().status]).toEqual([`${ISSUER}/`, 'signed-in'])
  })

  it.each([[undefined], [[]], [['plain']], ['S256']])('is refused without PKCE: %j', async (methods) => {
    const world = createResourceWorld()
    world.server = { code_challenge_methods_supported: methods }
    expect((await failure(connectToResource(RESOURCE, world.options))).code).toBe('unsupported')
    expect(world.log).toHaveLength(3)
  })

  it('is refused if the response is from another server (mix-up)', async () => {
    const world = createResourceWorld()
    const connection = await connectToResource(RESOURCE, world.options)
    const transport = {
      name: 'test',
      prepare: () => ({
        navigate: async (request: NavigateRequest) => {
          const url = await world.navigate(request)
          url.searchParams.set('iss', 'https://evil.example')
          return url
        },
        cancel: () => undefined,
      }),
    }
    expect((await failure(connection.connect({ transport }))).code).toBe('issuer_mismatch')
    expect(world.log).not.toContain(`POST ${ISSUER}/token`)
  })
})

describe('the client id at the authorization server of a resource', () => {
  it.each([
    ['a given one', { clientId: 'given', clientMetadataUrl: DOCUMENT }, true, 'given'],
    ['one given for this server', { clientId: (issuer: string) => (issuer === ISSUER ? 'given' : undefined) }, true, 'given'],
    ['the metadata document', { clientId: () => undefined, clientMetadataUrl: DOCUMENT }, true, DOCUMENT],
    ['a registered one', { clientMetadataUrl: DOCUMENT }, undefined, 'registered-1'],
    ['a registered one', {}, true, 'registered-1'],
  ])('is %s (%#)', async (_, options, supported, expected) => {
    const world = createResourceWorld()
    world.server = { client_id_metadata_document_supported: supported }
    const connection = await connectToResource(RESOURCE, { ...world.options, ...options })
    expect(connection.client.options.clientId).toBe(expected)
  })

  it.each([
    'https://app.example',
    'https://app.example/',
    'http://app.example/client.json',
    'https://app.example/client.json#a',
    'https://user@app.example/client.json',
    'https://app.example/a/../client.json',
    '/client.json',
  ])('is not the document "%s"', async (clientMetadataUrl) => {
    const world = createResourceWorld()
    world.server = { client_id_metadata_document_supported: true }
    const error = await failure(connectToResource(RESOURCE, { ...world.options, clientMetadataUrl }))
    expect(error.code).toBe('configuration')
  })

  it('needs one of the three ways', async () => {
    const world = createResourceWorld()
    world.server = { registration_endpoint: undefined }
    const error = await failure(connectToResource(RESOURCE, { ...world.options, clientMetadataUrl: DOCUMENT }))
    expect([error.code, error.message.includes(ISSUER)]).toEqual(['unsupported', true])
  })

  it.each<[string, ResourceClientOptions, ResourceClientOptions, string]>([
    ['a given client id', { clientId: 'first' }, { clientId: 'second' }, 'second'],
    ['no client id', { clientId: 'first' }, {}, DOCUMENT],
    ['another document', {}, { clientMetadataUrl: `${DOCUMENT}?2` }, `${DOCUMENT}?2`],
    ['another redirect URI', {}, { redirectUri: 'https://app.example/new' }, DOCUMENT],
  ])('is found again once the app has %s', async (_, first, second, expected) => {
    const world = createResourceWorld()
    world.server = { client_id_metadata_document_supported: true }
    const options = { ...world.options, clientMetadataUrl: DOCUMENT }
    await (await connectToResource(RESOURCE, { ...options, ...first })).connect()
    const { client } = await connectToResource(RESOURCE, { ...options, ...second })
    expect(client.options.clientId).toBe(expected)
    expect(client.options.redirectUri).toBe(second.redirectUri ?? REDIRECT_URI)
    expect(world.log.filter((line) => line.endsWith('oauth-authorization-server'))).toHaveLength(2)
  })

  it('is registered with the redirect URI, and what the app says of itself', async () => {
    const world = createResourceWorld()
    const clientMetadata = { client_name: 'Notes', redirect_uris: ['https://other.example/'] }
    await connectToResource(RESOURCE, { ...world.options, clientMetadata })
    const request = world.requests.find(({ url }) => url === `${ISSUER}/register`)
    expect(await request?.json()).toEqual({
      client_name: 'Notes',
      redirect_uris: [REDIRECT_URI],
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      application_type: 'web',
    })
  })

  it('is registered once for all resources of a server, and once for each redirect URI', async () => {
    const world = createResourceWorld()
    const other = 'https://other.example/api'
    world.routes[other] = () => new Response(null, { status: 401 })
    world.routes['https://other.example/.well-known/oauth-protected-resource/api'] = () =>
      Response.json({ resource: other, authorization_servers: [ISSUER] })
    const idOf = async (url: string, redirectUri = REDIRECT_URI): Promise<string> =>
      (await connectToResource(url, { ...world.options, redirectUri })).client.options.clientId
    expect(await idOf(RESOURCE)).toBe('registered-1')
    expect(await idOf(other)).toBe('registered-1')
    expect(await idOf(RESOURCE, 'https://app.example/callback')).toBe('registered-2')
  })

  it('is registered once by calls at the same time, also without Web Locks', async () => {
    const world = createResourceWorld()
    const options = { ...world.options, environment: { locks: undefined } }
    const both = await Promise.all([connectToResource(RESOURCE, options), connectToResource(RESOURCE, options)])
    expect(both.map(({ client }) => client.options.clientId)).toEqual(['registered-1', 'registered-1'])
  })

  it('is never that of another server', async () => {
    const world = createResourceWorld()
    const first = await connectToResource(RESOURCE, world.options)
    await first.connect()
    const evil = 'https://evil.example'
    world.resource = { authorization_servers: [evil] }
    world.routes[`${evil}/.well-known/oauth-authorization-server`] = () =>
      Response.json({
        issuer: evil,
        authorization_endpoint: `${evil}/authorize`,
        token_endpoint: `${evil}/token`,
        registration_endpoint: `${evil}/register`,
        code_challenge_methods_supported: ['S256'],
      })
    world.routes[`${evil}/register`] = () => Response.json({ client_id: 'of-evil' }, { status: 201 })
    await first.client.logout({ local: true })
    const second = await connectToResource(RESOURCE, world.options)
    expect([second.server.issuer, second.client.options.clientId]).toEqual([evil, 'of-evil'])
    expect(second.client.getSnapshot().status).toBe('signed-out')
    const sent = await Promise.all(world.requests.filter(({ url }) => url.startsWith(evil)).map((one) => one.text()))
    expect(sent.join()).not.toContain('registered-1')
  })

  it('is registered again when its secret has expired', async () => {
    const world = createResourceWorld()
    const expiresAt = Math.floor(Date.now() / 1000) + 3600
    world.registration = {
      client_secret: 'secret',
      client_secret_expires_at: expiresAt,
      token_endpoint_auth_method: 'client_secret_post',
    }
    const first = await connectToResource(RESOURCE, world.options)
    await first.connect()
    expect((await formsTo(world, `${ISSUER}/token`))[0]?.get('client_secret')).toBe('secret')
    expect((await connectToResource(RESOURCE, world.options)).client.options.clientId).toBe('registered-1')
    world.advance(3_600_000)
    expect((await connectToResource(RESOURCE, world.options)).client.options.clientId).toBe('registered-2')
  })

  it('is forgotten when the server no longer knows it', async () => {
    const world = createResourceWorld()
    const first = await connectToResource(RESOURCE, world.options)
    world.routes[`${ISSUER}/token`] = () => Response.json({ error: 'invalid_client' }, { status: 401 })
    expect((await failure(first.connect())).error).toBe('invalid_client')
    delete world.routes[`${ISSUER}/token`]
    const second = await connectToResource(RESOURCE, world.options)
    expect(second.client.options.clientId).toBe('registered-2')
    await second.connect()
    expect(second.client.getSnapshot().status).toBe('signed-in')
  })
})

describe('the fetch of a connection', () => {
  it.each(['https://mcp.example/other', 'https://mcp.example/mcp2', 'https://evil.example/mcp', `${ISSUER}/token`])(
    'sends nothing to %s',
    async (url) => {
      const world = createResourceWorld()
      const connection = await connectToResource(RESOURCE, world.options)
      await connection.connect()
      const sent = world.log.length
      expect((await failure(connection.fetch(url))).code).toBe('resource_not_allowed')
      expect((await failure(connection.client.fetch(url))).code).toBe('resource_not_allowed')
      expect(world.log).toHaveLength(sent)
    },
  )

  it('sends the token of one tenant to no other, if only the query of the resource differs', async () => {
    const world = createResourceWorld()
    world.resource = { resource: `${RESOURCE}?tenant=a` }
    const connection = await connectToResource(`${RESOURCE}?tenant=a`, world.options)
    await connection.connect()
    expect((await connection.fetch(`${RESOURCE}?tenant=a&page=2`)).status).toBe(200)
    const sent = world.log.length
    for (const url of [`${RESOURCE}?tenant=b`, RESOURCE, `${RESOURCE}?tenant=a&tenant=b`, new Request(`${RESOURCE}?tenant=b`)])
      expect((await failure(connection.fetch(url))).code).toBe('resource_not_allowed')

    expect(world.log).toHaveLength(sent)
  })

  it.each([301, 302, 303, 307, 308])('follows no redirect with the token: %i', async (status) => {
    const world = createResourceWorld()
    const connection = await connectToResource(RESOURCE, world.options)
    await connection.connect()
    const headers = { location: 'https://mcp.example/other' }
    world.routes[RESOURCE] = () => new Response(null, { status, headers })
    expect((await failure(connection.fetch(RESOURCE))).code).toBe('invalid_response')
    expect(world.requests.filter(({ headers: sent }) => sent.has('authorization')).map(({ redirect }) => redirect)).toEqual([
      'manual',
    ])
  })

  it('keeps the sessions of two resources of one server apart', async () => {
    const world = createResourceWorld()
    const other = 'https://mcp.example/other'
    world.routes[other] = (request) => Response.json({ authorization: request.headers.get('authorization') })
    world.routes[`${WELL_KNOWN}/other`] = () => Response.json({ resource: other, authorization_servers: [ISSUER] })
    const first = await connectToResource(RESOURCE, world.options)
    await first.connect()
    const second = await connectToResource(other, world.options)
    expect(second.client.getSnapshot().status).toBe('signed-out')
    await second.connect()
    expect(world.authorizations.map((url) => url.searchParams.get('resource'))).toEqual([RESOURCE, other])
    expect(await (await second.fetch(other)).json()).not.toEqual({
      authorization: `Bearer ${first.client.getTokenSet()?.accessToken}`,
    })
  })

  it('signs in once with the union of the scope when the resource requires more', async () => {
    const world = createResourceWorld()
    world.challenge = ', scope="read"'
    const connection = await connectToResource(RESOURCE, world.options)
    await connection.connect()
    world.needs = ['write']
    const responses = await Promise.all([connection.fetch(RESOURCE), connection.fetch(RESOURCE)])
    expect(responses.map(({ status }) => status)).toEqual([200, 200])
    expect(world.authorizations.map((url) => url.searchParams.get('scope'))).toEqual(['read', 'read write'])
    expect(world.authorizations[1]?.searchParams.getAll('resource')).toEqual([RESOURCE])
  })

  it('stops after one sign-in if the resource is never satisfied', async () => {
    const world = createResourceWorld()
    const connection = await connectToResource(RESOURCE, world.options)
    await connection.connect()
    const headers = { 'www-authenticate': 'Bearer error="insufficient_scope", scope="more"' }
    world.routes[RESOURCE] = () => new Response(null, { status: 403, headers })
    for (let call = 0; call < 5; call++) expect((await connection.fetch(RESOURCE)).status).toBe(403)
    expect(world.authorizations).toHaveLength(2)
  })

  it('refreshes once if the resource refuses every token', async () => {
    const world = createResourceWorld()
    const connection = await connectToResource(RESOURCE, world.options)
    await connection.connect()
    const headers = { 'www-authenticate': 'Bearer error="invalid_token"' }
    world.routes[RESOURCE] = () => new Response(null, { status: 401, headers })
    for (let call = 0; call < 5; call++) expect((await connection.fetch(RESOURCE)).status).toBe(401)
    const grants = (await formsTo(world, `${ISSUER}/token`)).map((form) => form.get('grant_type'))
    expect(grants).toEqual(['authorization_code', 'refresh_token'])
  })

  it('waits for the app before it signs in for a wider scope, if the app wants to ask', async () => {
    const world = createResourceWorld()
    world.challenge = ', scope="read"'
    const prompts: { readonly scope: string; readonly proceed: () => void; readonly decline: () => void }[] = []
    const connection = await connectToResource(RESOURCE, { ...world.options, onStepUp: (prompt) => void prompts.push(prompt) })
    await connection.connect()
    world.needs = ['write']
    const first = connection.fetch(RESOURCE)
    await expect.poll(() => prompts).toHaveLength(1)
    expect([prompts[0]?.scope, world.authorizations.length]).toEqual(['read write', 1])
    prompts[0]?.decline()
    expect((await first).status).toBe(403)

    const second = connection.fetch(RESOURCE)
    await expect.poll(() => prompts).toHaveLength(2)
    prompts[1]?.proceed()
    expect((await second).status).toBe(200)
    expect(world.authorizations).toHaveLength(2)
  })
})

describe('the addresses that a hostile resource or authorization server names', () => {
  const NEAR = [
    'http://localhost:9999/x',
    'https://localhost/x',
    'https://localhost./x',
    'https://app.localhost/x',
    'http://127.0.0.1/x',
    'http://[::1]/x',
    'https://[::ffff:127.0.0.1]/x',
    'https://0.0.0.0/x',
    'https://[::]/x',
    'https://10.0.0.1/x',
    'https://172.16.0.1/x',
    'https://192.168.1.1/x',
    'https://169.254.169.254/x',
    'https://100.64.0.1/x',
    'https://[fd00::1]/x',
    'https://[fe80::1]/x',
  ]

  it.each(NEAR)('lead no request from a public resource to this machine or its network: %s', async (address) => {
    const attacks: ReadonlyArray<(world: ReturnType<typeof createResourceWorld>) => void> = [
      (world) => (world.challenge = ''),
      (world) => (world.resource = { authorization_servers: [address] }),
      (world) => (world.server = { registration_endpoint: address }),
      (world) => (world.server = { token_endpoint: address }),
    ]
    for (const [index, attack] of attacks.entries()) {
      const world = createResourceWorld()
      attack(world)
      const headers = { 'www-authenticate': `Bearer resource_metadata="${address}"` }
      if (index === 0) world.routes[RESOURCE] = () => new Response(null, { status: 401, headers })
      const error = await failure(connectToResource(RESOURCE, world.options).then((connection) => connection.connect()))
      const { origin } = new URL(address)
      expect([error.code, world.log.filter((line) => line.includes(origin))], `attack ${index}`).toEqual(['invalid_metadata', []])
    }
  })

  it.each(['https://10.example/x', 'https://127.example/x', 'https://172.15.0.1/x', 'https://localhost.example/x'])(
    'may look like private ones: %s',
    async (address) => {
      const world = createResourceWorld()
      world.server = { token_endpoint: address }
      world.routes[address] = () => Response.json({ access_token: 'token', token_type: 'Bearer' })
      const connection = await connectToResource(RESOURCE, world.options)
      expect(await connection.connect()).toBeDefined()
    },
  )

  it('may be as near as the resource itself, and no nearer', async () => {
    const resource = 'https://10.0.0.1/mcp'
    const world = createResourceWorld()
    world.routes[resource] = () => new Response(null, { status: 401 })
    world.routes['https://10.0.0.1/.well-known/oauth-protected-resource/mcp'] = () =>
      Response.json({ resource, authorization_servers: ['https://192.168.0.1', 'https://id.example'] })
    const issuer = 'https://192.168.0.1'
    world.routes[`${issuer}/.well-known/oauth-authorization-server`] = () =>
      Response.json({
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: 'http://localhost/token',
        code_challenge_methods_supported: ['S256'],
      })
    const options = { ...world.options, clientId: 'app', chooseAuthorizationServer: () => issuer }
    const connection = await connectToResource(resource, options)
    expect(connection.server.issuer).toBe(issuer)
    world.server = { issuer }
    expect((await failure(connection.connect())).code).toBe('invalid_metadata')
  })

  it('contain a resource that all URL parsers read alike', async () => {
    const url = 'https://mcp.example/@victim.example/mcp'
    const named = ['https://mcp.example\\@victim.example/mcp', 'https://mcp.example/\n@victim.example/mcp', `\t${url}`, `${url} `]
    for (const resource of named) {
      const world = createResourceWorld()
      world.routes[url] = () => new Response(null, { status: 401 })
      world.routes['https://mcp.example/.well-known/oauth-protected-resource/@victim.example/mcp'] = () =>
        Response.json({ resource, authorization_servers: [ISSUER] })
      expect((await failure(connectToResource(url, world.options))).code, resource).toBe('invalid_metadata')
    }
  })

  it('make no error of their size', async () => {
    for (const resource of [`https://victim.example/${'x'.repeat(100_000)}`, { text: 'x'.repeat(100_000) }]) {
      const world = createResourceWorld()
      world.resource = { resource }
      expect((await failure(connectToResource(RESOURCE, world.options))).message.length).toBeLessThan(600)
    }
  })
})
