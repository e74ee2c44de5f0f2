import type { AuthorizationServer, ResourceRequirements } from '@latchkey/server'

/** Seconds since the sign-in that `/fresh` accepts. */
const MAX_SIGN_IN_AGE = 30

const ENDPOINTS: Readonly<Record<string, ResourceRequirements>> = {
  '/me': { resource: 'any' },
  '/admin': { resource: 'any', scope: 'admin' },
  '/fresh': { resource: 'any' },
}

/**
 * Handles a request to a small protected API for trying calls: `me` accepts any token, `admin` a token with the scope `admin`,
 * and `fresh` a token whose user has just signed in.
 *
 * @param path the path below the API's own path, such as `/me`
 */
export async function handleApiRequest(request: Request, path: string, server: AuthorizationServer): Promise<Response> {
  const demands = ENDPOINTS[path]
  if (!demands) return Response.json({ error: 'not_found', known: ['me', 'admin', 'fresh'] }, { status: 404 })
  const verified = await server.verifyRequest(request, demands)
  if (!verified.ok) return verified.response
  const { userId, clientId, scope, expiresAt, authTime = 0 } = verified.token
  if (path === '/fresh' && Date.now() / 1000 - authTime > MAX_SIGN_IN_AGE) return requireFreshSignIn()
  return Response.json({
    message: `Hello, ${userId ?? clientId}`,
    sub: userId,
    client_id: clientId,
    scope: scope.join(' '),
    exp: expiresAt === undefined ? undefined : Math.floor(expiresAt / 1000),
  })
}

/** The challenge of RFC 9470, section 3. */
function requireFreshSignIn(): Response {
  const description = `The sign-in is older than ${MAX_SIGN_IN_AGE} seconds`
  const challenge = `Bearer error="insufficient_user_authentication", error_description="${description}", max_age="${MAX_SIGN_IN_AGE}"`
  const body = { error: 'insufficient_user_authentication', error_description: description }
  return Response.json(body, { status: 401, headers: { 'www-authenticate': challenge, 'cache-control': 'no-store' } })
}
