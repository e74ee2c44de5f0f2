import { createOAuthClient } from './create-client.js'
import type { ClientOptions } from './client-options.js'
import type { OAuthClient } from './client.js'
import { createTestServer, issuer, redirectUri, type TestServer } from '../protocol/test-server.fixture.js'
import type { Transport } from '../sign-in/transports/transport.js'

export interface Answer {
  /** Parameters of the authorization response in the place of the right ones; `undefined` takes one out. */
  readonly answer?: Readonly<Record<string, string | undefined>>
}

/** A custom transport: the user signs in at once, and the server responds as the test requests. */
export function instantTransport(server: TestServer, { answer = {} }: Answer = {}): Transport {
  return {
    name: 'test',
    prepare: () => ({
      async navigate({ url, state }) {
        server.nonce = url.searchParams.get('nonce') ?? undefined
        const callbackUrl = new URL(url.searchParams.get('redirect_uri') ?? redirectUri)
        for (const [name, value] of Object.entries({ code: 'code-1', state, iss: issuer, ...answer }))
          if (value !== undefined) callbackUrl.searchParams.set(name, value)

        return callbackUrl
      },
      cancel: () => undefined,
    }),
  }
}

export interface ClientBench {
  readonly server: TestServer
  readonly client: OAuthClient
  /** Milliseconds that the device's clock is put forward by. */
  readonly advance: (ms: number) => void
}

/** A client before a real (in-process) authorization server and a resource server at https://api.example/. */
export async function createClientBench(options: Partial<ClientOptions> = {}, answer?: Answer): Promise<ClientBench> {
  const server = await createTestServer()
  const clock = { offset: 0 }
  server.authTime = server.now()
  server.now = () => Math.floor((Date.now() + clock.offset) / 1000)
  const client = createOAuthClient({
    issuer,
    clientId: 'client-1',
    redirectUri,
    scope: 'openid profile',
    transport: instantTransport(server, answer),
    resources: ['https://api.example/'],
    fetch: server.fetch,
    now: () => Date.now() + clock.offset,
    ...options,
  } as ClientOptions)
  return { server, client, advance: (ms) => (clock.offset += ms) }
}

export const countOf = (server: TestServer, entry: string): number => server.log.filter((line) => line === entry).length
