import { describe, expect, it } from 'vitest'
import { embeddedServerModule, externalServerModule, externalServerSettings } from './settings-module.js'

const issuer = 'https://id.example.com'
const variables = { VITE_LATCHKEY_ISSUER: issuer, VITE_LATCHKEY_CLIENT_ID: 'spa' }

describe('externalServerSettings()', () => {
  it('is undefined if no external server is configured', () => {
    expect(externalServerSettings({ options: {}, env: {}, isBuild: true })).toBeUndefined()
  })

  it('uses the variables in a build and in development', () => {
    const settings = { issuer, clientId: 'spa', scope: 'openid profile email offline_access', resources: [] }
    expect(externalServerSettings({ options: {}, env: variables, isBuild: true })).toEqual(settings)
    expect(externalServerSettings({ options: {}, env: variables, isBuild: false })).toEqual(settings)
  })

  it('reads scope and space-separated resources from variables', () => {
    const env = { ...variables, VITE_LATCHKEY_SCOPE: 'openid', VITE_LATCHKEY_RESOURCES: 'https://a.example/  https://b.example/' }
    expect(externalServerSettings({ options: {}, env, isBuild: true })).toMatchObject({
      scope: 'openid',
      resources: ['https://a.example/', 'https://b.example/'],
    })
  })

  it('uses the option "production" in a build only, and lets variables override it', () => {
    const options = { production: { issuer: 'https://other.example.com', clientId: 'other' } }
    expect(externalServerSettings({ options, env: {}, isBuild: true })).toMatchObject(options.production)
    expect(externalServerSettings({ options, env: {}, isBuild: false })).toBeUndefined()
    expect(externalServerSettings({ options, env: variables, isBuild: true })).toMatchObject({ issuer, clientId: 'spa' })
  })

  it.each([
    [{ VITE_LATCHKEY_ISSUER: issuer }, 'the client id is missing'],
    [{ VITE_LATCHKEY_CLIENT_ID: 'spa', VITE_LATCHKEY_ISSUER: ' ' }, 'the issuer is missing'],
  ])('rejects issuer or client id without the other: %j', (env, message) => {
    expect(() => externalServerSettings({ options: {}, env, isBuild: true })).toThrow(message)
  })
})

describe('externalServerModule()', () => {
  it('omits empty resources, so that the client’s default applies', () => {
    const source = externalServerModule({ issuer, clientId: 'spa', scope: 'openid', resources: [] })
    expect(source).toBe(`export default {"issuer":"${issuer}","clientId":"spa","scope":"openid"}\n`)
  })
})

describe('embeddedServerModule()', () => {
  const address = { base: '/app/', path: '/app/oauth', origin: undefined, listeningOrigin: 'http://localhost:5173' }

  it('builds the issuer from the page’s own address', () => {
    expect(embeddedServerModule(address, {})).toContain('globalThis.location?.origin ?? "http://localhost:5173"')
  })

  it('prefers the option "origin" to the page’s own address', () => {
    expect(embeddedServerModule({ ...address, origin: 'https://dev.example.com' }, {})).not.toContain('location')
  })
})
