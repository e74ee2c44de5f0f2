import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { clientIdMetadata } from '@latchkey/server/client-id-metadata'
import { build, createServer, preview, type InlineConfig } from 'vite'
import { describe, expect, it, onTestFinished } from 'vitest'
import { appConfig, emptyApp, signIn } from './dev-server.fixture.js'
import type { LatchkeyOptions } from './latchkey-options.js'

const METADATA = { client_name: 'Notes', appUrl: 'https://notes.example/app/' }

async function dev(options: LatchkeyOptions, config: InlineConfig = {}): Promise<string> {
  const server = await createServer(appConfig(await emptyApp(), options, config))
  onTestFinished(() => server.close())
  await server.listen()
  return new URL(server.resolvedUrls?.local[0] ?? '').origin
}

describe('the client metadata document of an app', () => {
  it('is served by the dev server at its own URL, with that of the request', async () => {
    const origin = await dev({ clientMetadata: METADATA }, { base: '/app/' })
    for (const seen of [origin, origin.replace('127.0.0.1', 'localhost')]) {
      const url = `${seen}/app/client-metadata.json`
      const response = await fetch(url)
      expect(response.headers.get('content-type')).toBe('application/json')
      expect(await response.json()).toEqual({
        client_id: url,
        client_name: 'Notes',
        redirect_uris: [`${seen}/app/`, `${seen}/app/callback`, `${seen}/app/callback.html`],
        application_type: 'web',
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        token_endpoint_auth_method: 'none',
      })
      expect((await fetch(url, { method: 'HEAD' })).status).toBe(200)
      expect((await fetch(url, { method: 'POST' })).status).toBe(405)
    }
  })

  it('has the origin of the option behind a proxy, and its own path', async () => {
    const clientMetadata = { path: '/oauth-client/notes.json', redirect_uris: ['done', '/root', 'https://other.example/'] }
    const origin = await dev({ origin: 'https://dev.example.com', clientMetadata })
    expect(await (await fetch(`${origin}/oauth-client/notes.json`)).json()).toMatchObject({
      client_id: 'https://dev.example.com/oauth-client/notes.json',
      redirect_uris: ['https://dev.example.com/done', 'https://dev.example.com/root', 'https://other.example/'],
    })
  })

  it('identifies the app at its own dev server, if that accepts such clients', async () => {
    const features = [clientIdMetadata({ allowLoopback: true })]
    const origin = await dev({ clientMetadata: METADATA, server: { features } })
    const clientId = `${origin}/client-metadata.json`
    const request = { issuer: `${origin}/oauth`, redirectUri: `${origin}/callback`, clientId, scope: 'openid' }
    expect(await signIn(request)).toHaveProperty('id_token')
  })

  it('is in a build with the URL of the app, and served by the preview with its own', async () => {
    const root = await emptyApp()
    const config = appConfig(root, { clientMetadata: METADATA, production: { issuer: 'https://id.example', clientId: 'x' } })
    await build({ ...config, base: './' })
    const built: unknown = JSON.parse(await readFile(join(root, 'dist/client-metadata.json'), 'utf8'))
    expect(built).toMatchObject({
      client_id: 'https://notes.example/app/client-metadata.json',
      redirect_uris: [
        'https://notes.example/app/',
        'https://notes.example/app/callback',
        'https://notes.example/app/callback.html',
      ],
    })
    expect(JSON.stringify(built)).not.toContain('appUrl')
    const server = await preview(config)
    onTestFinished(() => server.close())
    const url = `${new URL(server.resolvedUrls?.local[0] ?? '').origin}/client-metadata.json`
    expect(await (await fetch(url)).json()).toMatchObject({ client_id: url })
  })

  it('has a URL that the app imports: of the page in development, of the option in a build', async () => {
    const server = await createServer(appConfig(await emptyApp(), { clientMetadata: METADATA }))
    onTestFinished(() => server.close())
    const module = await server.ssrLoadModule('virtual:latchkey')
    expect(module['clientMetadataUrl']).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/client-metadata\.json$/)
    expect(module['default']).not.toHaveProperty('clientMetadataUrl')

    const plain = await createServer(appConfig(await emptyApp()))
    onTestFinished(() => plain.close())
    expect((await plain.ssrLoadModule('virtual:latchkey'))['clientMetadataUrl']).toBeUndefined()
  })

  it('is in no build without the option', async () => {
    const root = await emptyApp()
    await build(appConfig(root))
    await expect(readFile(join(root, 'dist/client-metadata.json'))).rejects.toThrow('ENOENT')
  })

  const REFUSED: readonly (readonly [string, Readonly<Record<string, unknown>>, string])[] = [
    ['a secret', { client_secret: 's3cret' }, 'client_secret'],
    ['a private key', { jwks: { keys: [{ kty: 'EC', d: 's3cret' }] } }, 'has a private key'],
    ['a symmetric key', { jwks: { keys: [{ kty: 'EC' }, { kty: 'oct', k: 's3cret' }] } }, 'has a private key'],
    ['an id', { client_id: 'https://notes.example/c.json' }, 'client_id'],
    ['a method with a secret', { token_endpoint_auth_method: 'client_secret_basic' }, 'token_endpoint_auth_method'],
    ['redirect URIs that are no list', { redirect_uris: '/callback' }, 'redirect_uris'],
    ['a redirect URI that is no URL', { redirect_uris: ['https://'] }, 'redirect_uris'],
    ['an appUrl that is no URL', { appUrl: 'notes' }, 'appUrl'],
    ['a path of the server', { path: '/oauth/client.json' }, 'must not be below'],
    ['a path that leaves the base', { path: '../client.json' }, 'clientMetadata.path'],
  ]
  it.each(REFUSED)('is refused with %s', async (_, clientMetadata, reason) => {
    const failure = await createServer(appConfig(await emptyApp(), { clientMetadata })).catch((error: Error) => error.message)
    expect(failure).toContain(reason)
    expect(failure).not.toContain('s3cret')
  })

  it('needs the URL of the app for a build', async () => {
    await expect(build(appConfig(await emptyApp(), { clientMetadata: {} }))).rejects.toThrow('clientMetadata.appUrl')
  })
})
