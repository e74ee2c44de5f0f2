// The embedded server on its own port. A test can change each request and response, to break one rule at a time.
import { getRequestListener } from '@hono/node-server'
import {
  authorizationCode,
  createAuthorizationServer,
  refreshToken,
  userSite,
  type AuthorizationServerOptions,
  type ClientRecord,
  type Grant,
  type RefreshTokenOptions,
} from '@latchkey/server'
import { SignJWT, decodeJwt, decodeProtectedHeader, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose'
import type { AppRegistration, Dials, SeenRequest, TestAuthorizationServer } from './authorization-server.js'
import { listen } from './loopback.js'
import { users } from './users.js'

export interface EmbeddedDials extends Dials {
  /** Milliseconds that the server's clock is ahead. */
  clockShift: number
  /** Changes a request before the server sees it, or responds instead of the server. */
  onRequest: ((request: Request) => Request | Response | Promise<Request | Response>) | undefined
  /** Changes a response before it is sent. */
  onResponse: ((response: Response, request: Request) => Response | Promise<Response>) | undefined
}

export interface EmbeddedServer extends TestAuthorizationServer {
  readonly dials: EmbeddedDials
  /** The key that it signs ID tokens with (RS256). */
  readonly signingKey: JWK
}

/** Changes to the default set-up. */
export interface EmbeddedExtras {
  readonly client?: Partial<ClientRecord>
  readonly options?: Partial<AuthorizationServerOptions>
  /** Refresh tokens. Default: rotation and reuse detection, without a grace period, so that every reuse is seen. */
  readonly refresh?: RefreshTokenOptions
  /** Further grants. */
  readonly grants?: readonly Grant[]
}

export async function startEmbeddedServer(app: AppRegistration, extras: EmbeddedExtras = {}): Promise<EmbeddedServer> {
  const host = await listen()
  const issuer = `http://127.0.0.1:${host.port}`
  const dials: EmbeddedDials = {
    accessTokenLifetime: 3600,
    headers: {},
    isUnreachable: false,
    clockShift: 0,
    onRequest: undefined,
    onResponse: undefined,
  }
  const seen: SeenRequest[] = []
  const signingKey = await (sharedKey ??= createSigningKey())
  const server = createAuthorizationServer({
    issuer,
    clients: [
      {
        clientId: 'spa',
        redirectUris: app.redirectUris,
        postLogoutRedirectUris: app.postLogoutRedirectUris,
        ...extras.client,
      },
    ],
    // CORS allows this app only, as in oidc-provider.
    corsOrigin: [app.origin],
    grants: [
      authorizationCode(),
      refreshToken({ rotate: true, reuseDetection: true, grace: 0, ...extras.refresh }),
      ...(extras.grants ?? []),
    ].map((grant) => withLifetime(grant, dials)),
    keys: [signingKey],
    now: () => Date.now() + dials.clockShift,
    site: userSite({ users: users.map(({ sub, name, email }) => ({ sub, claims: { name, email } })) }),
    ...extras.options,
  })
  const listener = getRequestListener(async (request) => {
    const asked = (await dials.onRequest?.(request)) ?? request
    const answer = asked instanceof Response ? asked : await server.fetch(asked)
    const response = (await dials.onResponse?.(answer, request)) ?? answer
    const headers = new Headers(response.headers)
    // Node.js would write the machine's own time.
    headers.set('date', new Date(Date.now() + dials.clockShift).toUTCString())
    for (const [name, value] of Object.entries(dials.headers)) headers.set(name, value)
    return new Response(response.body, { status: response.status, headers })
  })
  host.serve((request, response) => {
    const { pathname: path, search } = new URL(request.url ?? '/', issuer)
    seen.push({ method: request.method ?? '', path, search, origin: request.headers.origin })
    if (dials.isUnreachable) request.socket.destroy()
    else void listener(request, response)
  })
  return {
    issuer,
    clientId: 'spa',
    dials,
    signingKey,
    seen,
    forget: () => seen.splice(0),
    elapse: (ms) => (dials.clockShift += ms),
    async claimsOf(accessToken) {
      const headers = { Authorization: `Bearer ${accessToken}` }
      const response = await server.fetch(new Request(`${issuer}/userinfo`, { headers }))
      return response.ok ? ((await response.json()) as Record<string, unknown>) : undefined
    },
    pages: {
      userButton: (user) => `button[name="user"][value="${user.sub}"]`,
      denyButton: 'button[value="deny"]',
    },
    close: () => host.close(),
  }
}

/** A grant whose access tokens live as long as the dial says when they are made. */
function withLifetime(grant: Grant, dials: Dials): Grant {
  return {
    ...grant,
    get expiresIn() {
      return dials.accessTokenLifetime
    },
  }
}

/** One for all servers: an RSA key takes longer to make than a server to start. */
let sharedKey: Promise<JWK> | undefined

async function createSigningKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true })
  return { ...(await exportJWK(privateKey)), kid: 'first', alg: 'RS256' }
}

/** @returns the ID token again with other claims, signed by the server's own key: only the claims are wrong */
export async function signAgain(idToken: string, key: JWK, change: Readonly<Record<string, unknown>>): Promise<string> {
  const { alg = 'RS256', kid } = decodeProtectedHeader(idToken)
  const header = { alg, ...(kid === undefined ? {} : { kid }) }
  return new SignJWT({ ...decodeJwt(idToken), ...change }).setProtectedHeader(header).sign(await importJWK(key, alg))
}
