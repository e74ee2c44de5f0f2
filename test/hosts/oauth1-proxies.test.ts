// The proxies of packages/oauth1/README.md, as they are printed, in front of a provider that allows no page.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { memory } from '@latchkey/core'
import { createOAuth1Client } from '@latchkey/oauth1'
import { userSite } from '@latchkey/server'
import { toNodeHandler } from '@latchkey/server/node'
import { createOAuth1Server } from '@latchkey/server/oauth1'
import { createServer, type UserConfig } from 'vite'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { listen, type Loopback } from '../harness/loopback.js'

const README = fileURLToPath(new URL('../../packages/oauth1/README.md', import.meta.url))
let provider: Loopback
let folder: string

beforeAll(async () => {
  provider = await listen()
  const url = `http://127.0.0.1:${provider.port}`
  const clients = [{ clientId: 'photos', clientSecret: 'secret', callbackUrls: ['https://app.example/'] }]
  const server = createOAuth1Server({ url, clients, site: userSite({ users: [{ sub: 'alice' }] }) })
  const fetch = async (request: Request): Promise<Response> => {
    const { pathname, search } = new URL(request.url)
    if (pathname !== '/rest') return server.fetch(request)
    const verified = await server.verifyRequest(request, { withoutToken: true })
    return verified.ok ? new Response(`${request.method} ${search} ${await request.text()}`) : verified.response
  }
  provider.serve((request, response) => void toNodeHandler({ fetch })(request, response))
  // Inside test/, so that the packages of the workspace are found by their names.
  folder = await mkdtemp(join(dirname(fileURLToPath(import.meta.url)), '../.recipe-'))
})
afterAll(async () => {
  await Promise.all([provider.close(), rm(folder, { recursive: true })])
})

/** Loads the recipe with some text, for the provider of this test instead of Flickr. */
async function recipe(text: string): Promise<Readonly<Record<string, unknown>>> {
  const fences = [...(await readFile(README, 'utf8')).matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code = '']) => code)
  const code = fences.find((fence) => fence.includes(text)) ?? expect.fail(`the README has no ${text}`)
  const host = `127.0.0.1:${provider.port}`
  const own = code.replaceAll(/'(?:www|api)\.flickr\.com'/g, `'${host}'`).replaceAll('https://${host}', 'http://${host}')
  const file = join(folder, `${text.replaceAll(/\W/g, '')}.ts`)
  await writeFile(file, own)
  return (await import(/* @vite-ignore */ pathToFileURL(file).href)) as Readonly<Record<string, unknown>>
}

/** Signs requests for the provider that go to a proxy. @returns the responses to a GET and to a form */
async function useProxy(send: typeof fetch): Promise<readonly string[]> {
  const url = `http://127.0.0.1:${provider.port}`
  const client = createOAuth1Client({
    consumerKey: 'photos',
    consumerSecret: 'secret',
    temporaryCredentialsUrl: `${url}/initiate`,
    callbackUrl: 'https://app.example/',
    resources: [`${url}/rest`],
    token: null,
    storage: memory(),
    fetch: send,
    proxy: ({ host, pathname, search }) => `http://localhost/oauth1/${host}${pathname}${search}`,
  })
  expect(await client.temporaryCredentials()).toMatchObject({ response: { oauth_callback_confirmed: 'true' } })
  const get = await client.fetch(`${url}/rest?a=%2B&a=&b=%C3%BC`)
  const post = await client.fetch(`${url}/rest`, { method: 'POST', body: new URLSearchParams({ title: 'Ä & b' }) })
  return [await get.text(), await post.text()]
}

const ACCEPTED = ['GET ?a=%2B&a=&b=%C3%BC ', 'POST  title=%C3%84+%26+b']

it('the proxy of the Vite dev server forwards requests whose signatures the provider accepts', async () => {
  const { default: config } = (await recipe('vite.config.ts')) as { readonly default: UserConfig }
  const server = await createServer({
    ...config,
    root: folder,
    configFile: false,
    logLevel: 'silent',
    server: { ...config.server, host: '127.0.0.1', port: 0 },
  })
  try {
    await server.listen()
    const address = server.httpServer?.address()
    const port = typeof address === 'object' ? address?.port : undefined
    const send: typeof fetch = async (input, init) => {
      const request = new Request(input, init)
      return fetch(new Request(request.url.replace('http://localhost', `http://127.0.0.1:${port}`), request))
    }
    expect(await useProxy(send)).toEqual(ACCEPTED)
  } finally {
    await server.close()
  }
})

it('the proxy with Hono does so too, and forwards to no other host', async () => {
  const { app } = (await recipe("from 'hono'")) as { readonly app: { fetch(request: Request): Promise<Response> } }
  expect(await useProxy(async (input, init) => app.fetch(new Request(input, init)))).toEqual(ACCEPTED)
  expect((await app.fetch(new Request('http://localhost/oauth1/evil.example/'))).status).toBe(404)
})
