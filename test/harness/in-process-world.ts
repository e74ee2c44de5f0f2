// An app that Vite has built, on a loopback server, and the authorization server that it names, called in process.
import { readFile } from 'node:fs/promises'
import { authorizationCode, createAuthorizationServer, refreshToken, userSite } from '@latchkey/server'
import type { Route } from 'playwright-core'
import { listen } from './loopback.js'

/** Written in the apps. */
export const issuer = 'https://id.example.com'

/** An app that is served. */
export interface ServedApp {
  readonly origin: string
  close(): Promise<void>
}

/**
 * Serves a built app: its files, and for any other path a page with its entry.
 *
 * @param built the folder that it was built into
 * @param entry path of its entry in there
 */
export async function serveApp(built: URL, entry: string): Promise<ServedApp> {
  const host = await listen()
  const origin = `http://localhost:${host.port}`
  host.serve((request, response) => {
    const { pathname } = new URL(request.url ?? '/', origin)
    if (!pathname.endsWith('.js')) {
      return void response
        .writeHead(200, { 'content-type': 'text/html' })
        .end(`<!doctype html><link rel="icon" href="data:,"><body><script type="module" src="/${entry}"></script>`)
    }
    void readFile(new URL(`.${pathname}`, built)).then((code) =>
      response.writeHead(200, { 'content-type': 'text/javascript' }).end(code),
    )
  })
  return { origin, close: () => host.close() }
}

/** @returns a handler of the requests to `issuer`, whose only user is Alice */
export function answerAsServer(origin: string): (route: Route) => Promise<void> {
  const server = createAuthorizationServer({
    issuer,
    clients: [{ clientId: 'spa', redirectUris: [`${origin}/`] }],
    corsOrigin: [origin],
    grants: [authorizationCode(), refreshToken()],
    site: userSite({ users: [{ sub: 'alice', claims: { name: 'Alice' } }] }),
  })
  return async (route) => {
    const request = route.request()
    const body = request.postDataBuffer()
    const response = await server.fetch(
      new Request(request.url(), {
        method: request.method(),
        headers: await request.allHeaders(),
        ...(body && { body: new Uint8Array(body) }),
      }),
    )
    const cookies = response.headers.getSetCookie()
    const headers = { ...Object.fromEntries(response.headers), ...(cookies.length > 0 && { 'set-cookie': cookies.join('\n') }) }
    await route.fulfill({ status: response.status, headers, body: Buffer.from(await response.arrayBuffer()) })
  }
}
