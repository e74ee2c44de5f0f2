import { describe, expect, it } from 'vitest'
import { bakedModule, embeddedModule, outsideSettings } from './settings-module.js'

const issuer = 'https://id.example.com'
const variables = { VITE_LATCHKEY_ISSUER: issuer, VITE_LATCHKEY_CLIENT_ID: 'spa' }

describe('outsideSettings()', () => {
  it('is undefined where nothing names another server', () => {
    expect(outsideSettings({ options: {}, env: {}, isBuild: true })).toBeUndefined()
  })

  it('takes the variables, in a build and in development', () => {
    const settings = { issuer, clientId: 'spa', scope: 'openid profile email offline_access', resources: [] }
    expect(outsideSettings({ options: {}, env: variables, isBuild: true })).toEqual(settings)
    expect(outsideSettings({ options: {}, env: variables, isBuild: false })).toEqual(settings)
  })

  it('reads scope and resources from variables, several resources with spaces between them', () => {
    const env = { ...variables, VITE_LATCHKEY_SCOPE: 'openid', VITE_LATCHKEY_RESOURCES: 'https://a.example/  https://b.example/' }
    expect(outsideSettings({ options: {}, env, isBuild: true })).toMatchObject({
      scope: 'openid',
      resources: ['https://a.example/', 'https://b.example/'],
    })
  })

  it('takes the option "production" in a build only, and variables before it', () => {
    const options = { production: { issuer: 'https://other.example.com', clientId: 'other' } }
    expect(outsideSettings({ options, env: {}, isBuild: true })).toMatchObject(options.production)
    expect(outsideSettings({ options, env: {}, isBuild: false })).toBeUndefined()
    expect(outsideSettings({ options, env: variables, isBuild: true })).toMatchObject({ issuer, clientId: 'spa' })
  })

  it.each([
    [{ VITE_LATCHKEY_ISSUER: issuer }, 'the client id is missing'],
    [{ VITE_LATCHKEY_CLIENT_ID: 'spa', VITE_LATCHKEY_ISSUER: ' ' }, 'the issuer is missing'],
  ])('refuses one without the other: %j', (env, message) => {
    expect(() => outsideSettings({ options: {}, env, isBuild: true })).toThrow(message)
  })
})

describe('bakedModule()', () => {
  it('leaves out resources where there are none, so that the client’s default holds', () => {
    const source = bakedModule({ issuer, clientId: 'spa', scope: 'openid', resources: [] })
    expect(source).toBe(`export default {"issuer":"${issuer}","clientId":"spa","scope":"openid"}\n`)
  })
})

describe('embeddedModule()', () => {
  const address = { base: '/app/', path: '/app/oauth', origin: undefined, listeningOrigin: 'http://localhost:5173' }

  it('makes the issuer from the page’s own address', () => {
    expect(embeddedModule(address, {})).toContain('globalThis.location?.origin ?? "http://localhost:5173"')
  })

  it('takes the origin that was given before the page’s', () => {
    expect(embeddedModule({ ...address, origin: 'https://dev.example.com' }, {})).not.toContain('location')
  })
})
