// oidc-provider, in memory or on Redis, with the features that the flows need.
import { PUBLIC_CLIENT, REDIRECT_URI, SERVICE, signingKey, USER } from './clients.mjs'

// Its warnings about defaults: they are the point of a comparison.
console.warn = () => undefined
console.info = () => undefined

/**
 * @param {string} issuer
 * @param {{ store: string, url: string }} options
 * @returns {Promise<import('node:http').RequestListener>}
 */
export async function oidcProvider(issuer, { store, url }) {
  const { default: Provider } = await import('oidc-provider')
  const adapter = store === 'redis' ? (await import('./redis-adapter.mjs')).redisAdapter(url) : undefined
  const provider = new Provider(issuer, { ...(await configuration()), ...(adapter && { adapter: await adapter }) })
  const handle = provider.callback()
  return (request, response) => {
    if (!request.url?.startsWith('/interaction/')) return void handle(request, response)
    // Stands for the sign-in page: signs the user in at once.
    void provider.interactionFinished(request, response, { login: { accountId: USER.id } })
  }
}

/** @returns {Promise<import('oidc-provider').Configuration>} */
async function configuration() {
  return {
    clients: [
      {
        client_id: PUBLIC_CLIENT,
        token_endpoint_auth_method: 'none',
        redirect_uris: [REDIRECT_URI],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        id_token_signed_response_alg: 'ES256',
      },
      {
        client_id: SERVICE.id,
        client_secret: SERVICE.secret,
        token_endpoint_auth_method: 'client_secret_basic',
        redirect_uris: [],
        grant_types: ['client_credentials'],
        response_types: [],
        id_token_signed_response_alg: 'ES256',
      },
    ],
    cookies: { keys: ['not a secret: this server lives for one run'] },
    jwks: { keys: [/** @type {import('oidc-provider').JWK} */ (await signingKey())] },
    claims: { openid: ['sub'], email: ['email', 'email_verified'] },
    // Our default too: the claims of the scope are in the ID token.
    conformIdTokenClaims: false,
    scopes: ['openid', 'offline_access', 'api'],
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      introspection: { enabled: true, allowedPolicy: () => true },
      pushedAuthorizationRequests: { enabled: true },
      dPoP: { enabled: true },
      revocation: { enabled: true },
    },
    findAccount: (_context, sub) => ({ accountId: sub, claims: () => ({ sub, email: USER.email, email_verified: true }) }),
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
    rotateRefreshToken: true,
    issueRefreshToken: async () => true,
    loadExistingGrant: grantEverything,
    ttl: {
      AccessToken: 3600,
      AuthorizationCode: 60,
      IdToken: 600,
      RefreshToken: 86_400,
      Grant: 86_400,
      Interaction: 600,
      Session: 86_400,
    },
  }
}

/**
 * The sign-in is consent, as in our default site.
 *
 * @param {import('oidc-provider').KoaContextWithOIDC} context
 */
async function grantEverything({ oidc: { client, session, provider } }) {
  if (!client || !session?.accountId) return undefined
  const known = session.grantIdFor(client.clientId)
  if (known) return provider.Grant.find(known)
  const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId })
  grant.addOIDCScope('openid email')
  await grant.save()
  return grant
}
