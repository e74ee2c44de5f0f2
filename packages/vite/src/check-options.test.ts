import { device } from '@latchkey/server/device'
import { registration } from '@latchkey/server/registration'
import { describe, expect, it } from 'vitest'
import { checkOptions } from './check-options.js'
import { mountOf } from './mount.js'

const check = (options: object) => (): void => checkOptions(options, mountOf(options, '/'))
const ada = { sub: 'ada' }

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
    [{ clients: [{ clientId: 'app', redirectUris: ['/a#b'] }] }, 'redirectUris'],
    [{ users: 'ada' }, '"users" must be a list'],
    [{ persist: 1 }, '"persist" must be true, false or the path'],
    [{ origin: 'https://dev.example.com/app' }, '"origin" must be an origin'],
    [{ origin: 'dev.example.com' }, '"origin" must be an origin'],
    [{ server: { sessionLifetime: 0 } }, 'sessionLifetime'],
  ])('refuses %j, which could not work', (options, message) => {
    expect(check(options)).toThrow(message)
  })
})
