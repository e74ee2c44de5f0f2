// oidc-provider: a certified OpenID Provider that others wrote. Its own interaction page, else as it comes.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { exportJWK, generateKeyPair } from 'jose'
import type { Configuration, InteractionResults, JWKS, KoaContextWithOIDC } from 'oidc-provider'
import type { AppRegistration, Dials, SeenRequest, TestAuthorizationServer } from './authorization-server.js'
import { listen } from './loopback.js'
import { findUser, users } from './users.js'

// oidc-provider writes warnings about its quick-start defaults on the console; that they are in use here is the point.
console.warn = quietly(console.warn)
console.info = quietly(console.info)

function quietly(write: typeof console.warn): typeof console.warn {
  return (...parts: unknown[]) => {
    if (!String(parts[0]).includes('oidc-provider')) write(...parts)
  }
}

/** Additions of a test to the provider of the main flows. */
export interface ProviderExtras {
  readonly configure?: (usual: Configuration) => Configuration
  /** Additional properties of a sign-in. @param asked the parameters of the authorization request */
  readonly signedIn?: (asked: Readonly<Record<string, unknown>>) => InteractionResults
  /** Called before the provider. @returns true if it has responded */
  readonly front?: (request: IncomingMessage, response: ServerResponse) => boolean | Promise<boolean>
}

export async function startOidcProvider(app: AppRegistration, extras: ProviderExtras = {}): Promise<TestAuthorizationServer> {
  // Loaded after the console was muted, because loading it prints a warning about this Node.js version.
  const { default: Provider } = await import('oidc-provider')
  const host = await listen()
  const issuer = `http://127.0.0.1:${host.port}`
  const dials: Dials = { accessTokenLifetime: 3600, headers: {}, isUnreachable: false }
  const seen: SeenRequest[] = []
  const usual = await configuration(app, dials)
  const provider = new Provider(issuer, extras.configure?.(usual) ?? usual)
  const handle = provider.callback()

  host.serve((request, response) => {
    const { pathname, search } = new URL(request.url ?? '/', issuer)
    seen.push({ method: request.method ?? '', path: pathname, search, origin: request.headers.origin })
    if (dials.isUnreachable) return void request.socket.destroy()
    for (const [name, value] of Object.entries(dials.headers)) response.setHeader(name, value)
    void answer(request, response).catch((error) => fail(response, error))
  })

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (await extras.front?.(request, response)) return
    await (request.url?.startsWith('/interaction/') ? interact(request, response) : handle(request, response))
  }

  async function interact(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === 'GET') return showSignIn(response)
    const form = new URLSearchParams(await bodyOf(request))
    const sub = form.get('sub')
    const { params } = await provider.interactionDetails(request, response)
    const further = extras.signedIn?.(params) ?? {}
    const result = sub
      ? { ...further, login: { ...further.login, accountId: sub } }
      : { error: 'access_denied', error_description: 'the user said no' }
    await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false })
  }

  return {
    issuer,
    clientId: 'spa',
    dials,
    seen,
    forget: () => seen.splice(0),
    async claimsOf(accessToken) {
      const token = await provider.AccessToken.find(accessToken)
      const user = token?.isValid ? findUser(token.accountId) : undefined
      return user && { ...user }
    },
    pages: {
      userButton: (user) => `button[value="${user.sub}"]`,
      denyButton: 'button[value=""]',
      signOutButton: 'button[name="logout"]',
    },
    close: () => host.close(),
  }
}

async function configuration(app: AppRegistration, dials: Dials): Promise<Configuration> {
  return {
    clients: [
      {
        client_id: 'spa',
        token_endpoint_auth_method: 'none',
        redirect_uris: [...app.redirectUris],
        post_logout_redirect_uris: [...app.postLogoutRedirectUris],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
      },
    ],
    clientBasedCORS: (_context, origin) => origin === app.origin,
    cookies: { keys: ['not a secret: this server lives for one test'] },
    jwks: await signingKeys(),
    claims: { openid: ['sub'], profile: ['name'], email: ['email'] },
    conformIdTokenClaims: false,
    scopes: ['openid', 'offline_access'],
    features: { devInteractions: { enabled: false }, revocation: { enabled: true }, rpInitiatedLogout: { enabled: true } },
    findAccount: (_context, sub) => ({ accountId: sub, claims: () => ({ ...findUser(sub), sub }) }),
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
    // Rotation at every use; a replayed refresh token revokes the whole grant (RFC 9700, section 4.14.2).
    rotateRefreshToken: true,
    issueRefreshToken: async () => true,
    loadExistingGrant: grantEverything,
    ttl: {
      AccessToken: () => dials.accessTokenLifetime,
      AuthorizationCode: 60,
      IdToken: 3600,
      RefreshToken: 86_400,
      Grant: 86_400,
      Interaction: 600,
      Session: 86_400,
    },
  }
}

/** No consent page: signing in is consent. */
async function grantEverything(
  context: KoaContextWithOIDC,
): Promise<InstanceType<typeof context.oidc.provider.Grant> | undefined> {
  const { client, session, provider } = context.oidc
  if (!client || !session?.accountId) return undefined
  const known = session.grantIdFor(client.clientId)
  if (known) return provider.Grant.find(known)
  const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId })
  grant.addOIDCScope('openid profile email offline_access')
  await grant.save()
  return grant
}

/** One for all servers: an RSA key takes longer to make than a server to start. */
let sharedPair: ReturnType<typeof generateKeyPair> | undefined

async function signingKeys(): Promise<JWKS> {
  const { privateKey } = await (sharedPair ??= generateKeyPair('RS256', { extractable: true }))
  return { keys: [{ ...(await exportJWK(privateKey)), kid: 'first', use: 'sig', alg: 'RS256' }] }
}

function showSignIn(response: ServerResponse): void {
  const buttons = users.map((user) => `<button name="sub" value="${user.sub}">${user.name}</button>`).join('')
  const page = `<!doctype html><title>Sign in</title><form method="post">${buttons}<button name="sub" value="">Cancel</button></form>`
  response.writeHead(200, { 'content-type': 'text/html' }).end(page)
}

function fail(response: ServerResponse, error: unknown): void {
  response.writeHead(500, { 'content-type': 'text/plain' }).end(String(error))
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}
