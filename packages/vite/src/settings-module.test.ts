import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { embeddedServerModule, externalServerModule, externalServerSettings, offlineAccessWarning } from './settings-module.js'

const issuer = 'https://id.example.com'
const variables = { VITE_LATCHKEY_ISSUER: issuer, VITE_LATCHKEY_CLIENT_ID: 'spa' }

describe('offlineAccessWarning()', () => {
  it.each(['https://accounts.google.com', 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_a'])(
    'warns of %s',
    (refusing) => {
      const warning = offlineAccessWarning({ issuer: refusing, scope: 'openid profile offline_access' })
      expect(warning).toContain(`${refusing} refuses the scope "offline_access"`)
      expect(warning).toContain('VITE_LATCHKEY_SCOPE="openid profile"')
      expect(offlineAccessWarning({ issuer: refusing, scope: 'openid profile' })).toBeUndefined()
    },
  )

  it('accepts it at other issuers', () => {
    expect(offlineAccessWarning({ issuer, scope: 'openid offline_access' })).toBeUndefined()
    expect(offlineAccessWarning({ issuer: 'https://accounts.google.com.example', scope: 'offline_access' })).toBeUndefined()
  })
})

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

/** Runs a module at a page, or without one, and returns its default export. */
function settingsAt(source: string, page?: string): unknown {
  const url = page === undefined ? undefined : new URL(page)
  const globals = url && { location: url, document: { baseURI: url.href } }
  const code = source.replace('export default', 'globalThis.settings =')
  return JSON.parse(runInNewContext(`{${code}}\nJSON.stringify(globalThis.settings)`, { ...globals, URL }) as string)
}

describe('externalServerModule()', () => {
  const settings = { issuer, clientId: 'spa', scope: 'openid', resources: [] }
  const page = 'https://shop.example.com/app/items/?code=1#top'

  it.each([
    ['/', 'https://shop.example.com/'],
    ['/app/', 'https://shop.example.com/app/'],
    // Only the page knows where it is. With a CDN, the files have another address than the pages.
    ['./', 'https://shop.example.com/app/items/'],
    ['', 'https://shop.example.com/app/items/'],
    ['https://cdn.example.com/v1/', 'https://shop.example.com/'],
    ['//cdn.example.com/v1/', 'https://shop.example.com/'],
  ])('contains redirect URI and resources at the page’s origin with the base %j', (base, redirectUri) => {
    const source = externalServerModule(settings, { base, origin: undefined })
    const { resources: _, ...expected } = settings
    expect(settingsAt(source, page)).toEqual({ ...expected, resources: ['https://shop.example.com/'], redirectUri })
  })

  it('resolves the given redirect URI and resources', () => {
    const given = { ...settings, resources: ['/api/', 'https://api.example.com/'], redirectUri: '/callback' }
    expect(settingsAt(externalServerModule(given, { base: '/', origin: undefined }), page)).toMatchObject({
      resources: ['https://shop.example.com/api/', 'https://api.example.com/'],
      redirectUri: 'https://shop.example.com/callback',
    })
  })

  it.each(['/app/', './'])('keeps paths during server rendering with the base %j, or uses the option "origin"', (base) => {
    const source = (origin: string | undefined): string => externalServerModule(settings, { base, origin })
    const path = base === './' ? '/' : base
    expect(settingsAt(source(undefined))).toMatchObject({ resources: ['/'], redirectUri: path })
    expect(settingsAt(source('https://a.example'))).toMatchObject({
      resources: ['https://a.example/'],
      redirectUri: `https://a.example${path}`,
    })
  })
})

describe('embeddedServerModule()', () => {
  const address = {
    base: '/app/',
    appPath: '/app/',
    path: '/app/oauth',
    origin: undefined,
    listeningOrigin: 'http://localhost:5173',
  }
  const at = (origin: string): object => ({
    issuer: `${origin}/app/oauth`,
    resources: [`${origin}/`],
    redirectUri: `${origin}/app/`,
  })

  it('builds the settings from the page’s own address', () => {
    const source = embeddedServerModule(address, {})
    expect(settingsAt(source, 'http://127.0.0.1:5173/app/items')).toMatchObject(at('http://127.0.0.1:5173'))
  })

  it('uses the listening address without a page and in a blank page', () => {
    const source = embeddedServerModule(address, {})
    expect(settingsAt(source)).toMatchObject(at('http://localhost:5173'))
    expect(settingsAt(source, 'about:blank')).toMatchObject(at('http://localhost:5173'))
  })

  it('prefers the option "origin" to the page’s own address', () => {
    const source = embeddedServerModule({ ...address, origin: 'https://dev.example.com' }, {})
    expect(settingsAt(source, 'http://127.0.0.1:5173/')).toMatchObject(at('https://dev.example.com'))
  })
})
