// cspell:ignore opnid profil
import { authorizationCode, userSite } from '@latchkey/server'
import { device } from '@latchkey/server/device'
import { registration } from '@latchkey/server/registration'
import { describe, expect, it } from 'vitest'
import { checkOptions, checkScope } from './check-options.js'
import { checkShape } from './check-shape.js'
import type { LatchkeyOptions } from './latchkey-options.js'
import { mountOf } from './mount.js'

/** Plain JavaScript is not stopped by types. */
const check = (options: unknown) => (): void => {
  checkShape(options as LatchkeyOptions)
  checkOptions(options as LatchkeyOptions, mountOf(options as LatchkeyOptions, '/'))
  checkScope(options as LatchkeyOptions)
}
const ada = { sub: 'ada' }
const external = { issuer: 'https://id.example.com', clientId: 'spa' }

describe('checkOptions()', () => {
  it('accepts every option', () => {
    const options = {
      path: '/id',
      users: [{ ...ada, username: 'a', password: 'p', claims: {}, data: {} }],
      clients: [
        { clientId: 'app', clientName: 'Shop' },
        { clientId: 'other', redirectUris: ['/elsewhere'] },
      ],
      clientId: 'app',
      scope: 'openid',
      resources: ['/'],
      api: '/api',
      origin: 'https://dev.example.com',
      persist: 'state',
      production: { issuer: 'https://id.example.com', clientId: 'spa', scope: 'openid', resources: [], redirectUri: '/' },
      server: { features: [device(), registration()] },
    }
    expect(check(options)).not.toThrow()
    expect(check({})).not.toThrow()
  })

  it.each([
    [{ user: [ada] }, 'Did you mean "users"?'],
    [{ client_id: 'app' }, 'Did you mean "clientId"?'],
    [{ Persist: false }, 'Did you mean "persist"?'],
    [{ cookies: false }, 'Expected one of: path, users'],
    [{ production: { issuer: 'https://a.example', clientID: 'spa' } }, 'Did you mean "clientId"?'],
    [{ users: [{ sub: 'ada', claim: {} }] }, 'Did you mean "claims"?'],
    [{ users: [{ sub: 'ada', name: 'Ada' }] }, 'Expected one of: sub'],
    [{ server: { issuer: 'https://a.example' } }, '"server.issuer" is provided by the plugin'],
  ])('refuses the unknown name in %j', (options, message) => {
    expect(check(options)).toThrow(message)
  })

  it.each([
    [{ users: [ada, ada] }, 'same "sub"'],
    [{ users: [ada, { sub: 'alan', username: 'ada' }] }, 'same "username"'],
    [{ clients: [{ clientId: 'app' }, { clientId: 'app' }] }, '"app" is listed twice'],
    [{ clients: [{ clientId: 'other' }, { clientId: 'other' }] }, '"other" is listed twice'],
    [{ clients: [{ clientName: 'Shop' }] }, 'has no "clientId"'],
    [{ clients: [{ clientId: 'app', tokenEndpointAuthMethod: 'basic' }] }, '"tokenEndpointAuthMethod" of "app"'],
    [{ clients: [{ clientId: 'app', redirectUris: ['/a#b'] }] }, '"redirectUris" of "app"'],
    [{ clients: [{ clientId: 'shop', redirectUris: ['http://['] }] }, '"redirectUris" of "shop" has an invalid URI: "http://["'],
    [{ clients: [{ clientId: 'shop', redirectUris: 'cb' }] }, '"redirectUris" of "shop" must be a list of strings'],
    [{ clients: [{ clientId: 'shop', redirectUris: ['/cb', 5] }] }, 'Received a list with 5'],
    [{ clients: [{ clientId: 'shop', postLogoutRedirectUris: [null] }] }, '"postLogoutRedirectUris" of "shop" must be a list'],
    [{ clients: [{ clientId: 'shop', redirectUris: null }] }, '"redirectUris" of "shop" must be a list of strings'],
    [{ clients: [null] }, '"clients[0]" must be an object with "clientId". Received null'],
    [{ clients: [{ clientId: 'app' }, 'shop'] }, '"clients[1]" must be an object'],
    [{ clients: [{ clientId: 5 }] }, 'has no "clientId": clients[0]'],
    [{ clients: { clientId: 'app', clientSecret: 'hush' } }, '"clients" must be a list. Received an object.'],
    [{ users: [null] }, '"users[0]" must be an object with "sub". Received null'],
    [{ users: ['ada'] }, '"users[0]" must be an object'],
    [{ users: [{}] }, '"sub"'],
    [{ users: [{ sub: 'ada', password: 5 }] }, '"users[0].password" must be a string. Received another value'],
    [{ users: [{ sub: 'ada', claims: 'x' }] }, '"users[0].claims" must be an object'],
    [{ users: [] }, '"users" must not be empty'],
    [{ clientId: '' }, '"clientId" must be a string that is not empty'],
    [{ path: 5 }, '"path" must be a string. Received 5'],
    [{ path: null }, '"path" must be a string. Received null'],
    [{ path: '/oauth', api: '/oauth' }, '"path" and "api" must not be the same path'],
    [{ path: '/api/oauth', api: '/api' }, '"path" and "api" must not be the same path'],
    [{ api: '/oauth/token' }, '"path" and "api" must not be the same path'],
    [{ api: '/.well-known' }, '"api" must not be below "/.well-known"'],
    [{ resources: ['http://['] }, '"resources" must be an http or https URL'],
    [{ resources: ['/', 5] }, '"resources" must be a list of strings. Received a list with 5'],
    [{ resources: '/' }, '"resources" must be a list of strings. Received "/"'],
    [{ resources: ['ftp://files.example'] }, '"resources" must be an http or https URL'],
    [{ scope: 'opnid' }, '"scope" has "opnid", which the server does not know. Did you mean "openid"?'],
    [{ scope: 'openid profil' }, 'Did you mean "profile"?'],
    [{ scope: 'calendar' }, 'Add it to "server.scopes"'],
    [{ scope: ' ' }, '"scope" must not be empty'],
    [{ production: {} }, '"production" has no "issuer"'],
    [{ production: { issuer: 'https://a.example' } }, '"production" has no "clientId"'],
    [{ production: { issuer: 'https://a.example', clientId: '' } }, '"production.clientId" must be a string that is not empty'],
    [{ production: { issuer: 'nope', clientId: 'spa' } }, '"production.issuer" must be an http or https URL'],
    [{ production: { ...external, issuer: 'https://ada:hush@a.example' } }, 'Received "https://…@a.example"'],
    [{ production: { ...external, issuer: 'https://a.example/?x' } }, '"production.issuer" must be an http or https URL'],
    [{ production: { ...external, redirectUri: 'http://[' } }, '"production.redirectUri" must be an http or https URL'],
    [{ production: { ...external, redirectUri: 5 } }, '"production.redirectUri" must be a string'],
    [{ production: { ...external, resources: 'x' } }, '"production.resources" must be a list of strings'],
    [null, "The options must be an object, such as latchkey({ api: '/api' }), or absent. Received null"],
    [['/api'], 'The options must be an object'],
    ['/api', 'The options must be an object'],
    [{ users: 'ada' }, '"users" must be a list'],
    [{ persist: 1 }, '"persist" must be true, false or the path'],
    [{ origin: 'https://dev.example.com/app' }, '"origin" must be an origin'],
    [{ origin: 'dev.example.com' }, '"origin" must be an origin'],
    [{ server: { sessionLifetime: 0 } }, 'sessionLifetime'],
  ])('refuses %j, which could not work', (options, message) => {
    expect(check(options)).toThrow(message)
    expect(check(options)).toThrow(/^\[latchkey\] (?!.*hush)/)
  })

  it.each([
    { scope: 'openid calendar' },
    { scope: 'calendar', server: { scopes: ['calendar'] } },
    { scope: 'calendar', server: { grants: [authorizationCode({ scopes: ['calendar'] })] } },
    { users: [], server: { site: userSite({ users: [ada] }) } },
    { resources: ['api', '/files', 'https://api.example.com/v1'] },
    { production: { ...external, redirectUri: 'callback' } },
    { users: undefined, clients: undefined, scope: undefined, production: undefined },
  ])('accepts %j', (options) => {
    expect(check(options)).not.toThrow()
  })
})
