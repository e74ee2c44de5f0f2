// cspell:ignore endpont
import { describe, expect, it } from 'vitest'
import { clientSecretBasic, privateKeyJwt } from '../client-auth.js'
import { clientCredentialsSession } from '../grants.js'
import { createOAuthClient, createOAuthRegistry } from '../index.js'
import { electronTransport, externalBrowserTransport } from '../native.js'
import { issuer, redirectUri } from '../protocol/test-server.fixture.js'

const create = (options: object) => (): unknown => createOAuthClient({ issuer, clientId: 'client-1', redirectUri, ...options })

describe('an argument that is missing (invariant 12)', () => {
  it.each([
    ['clientSecretBasic()', () => clientSecretBasic(undefined as never), 'Received undefined.'],
    ['clientSecretBasic(null)', () => clientSecretBasic(null as never), 'Received null.'],
    ["clientSecretBasic('')", () => clientSecretBasic(''), 'Received an empty text.'],
    ['electronTransport()', () => electronTransport(undefined as never), 'Received undefined.'],
    ['externalBrowserTransport({})', () => (externalBrowserTransport as (host: unknown) => unknown)({}), 'Received undefined.'],
    ['createOAuthRegistry()', () => createOAuthRegistry(undefined as never), 'Received undefined.'],
    ['privateKeyJwt()', () => privateKeyJwt(undefined as never), 'Received undefined.'],
    ['clientCredentialsSession()', () => clientCredentialsSession(undefined as never), 'Received undefined.'],
    ['a resource that is a URL object', create({ resources: [new URL('https://a.example/')] }), 'Received undefined.'],
    ['a resource without a URL', create({ resources: [{}] }), 'Received undefined.'],
  ])('is named as it was passed: %s', (_name, act, text) => {
    expect(act).toThrow(expect.objectContaining({ code: 'configuration', message: expect.stringContaining(text) as string }))
  })
})

describe('other members of inline server metadata', () => {
  const server = { issuer, token_endpoint: `${issuer}/token`, authorization_endpoint: `${issuer}/authorize` }

  it.each(['logout_endpoint', 'nonce_endpoint', 'roles_endpoint'])('are accepted: %s', (name) => {
    expect(create({ issuer: undefined, server: { ...server, [name]: `${issuer}/x` } })).not.toThrow()
  })

  it.each(['tokenEndpoint', 'token_endpont', 'jwks_url'])('are refused if misspelled: %s', (name) => {
    expect(create({ issuer: undefined, server: { ...server, [name]: `${issuer}/x` } })).toThrow(`"${name}"`)
  })
})
