import type { AuthorizationServer } from '@latchkey/server'

/** How long ago a sign-in may be for `fresh`. */
const freshSeconds = 30

/**
 * A small API that wants a token, to try calls with: `me` any token, `admin` one with the scope `admin`, `fresh` one whose person has
 * just signed in.
 *
 * @param path what follows the API's own path, such as `/me`
 */
export async function answerApi(request: Request, path: string, server: AuthorizationServer): Promise<Response> {
  const scope = { '/me': '', '/admin': 'admin', '/fresh': '' }[path]
  if (scope === undefined) return Response.json({ error: 'not_found', known: ['me', 'admin', 'fresh'] }, { status: 404 })
  const verified = await server.verifyRequest(request, scope ? { scope } : {})
  if (!verified.ok) return verified.response
  const { userId, clientId, scope: granted, expiresAt, authTime = 0 } = verified.token
  if (path === '/fresh' && Date.now() / 1000 - authTime > freshSeconds) return staleSignIn()
  const exp = expiresAt === undefined ? undefined : Math.floor(expiresAt / 1000)
  return Response.json({
    message: `Hello, ${userId ?? clientId}`,
    sub: userId,
    client_id: clientId,
    scope: granted.join(' '),
    exp,
  })
}

/** @see RFC 9470, section 3 */
function staleSignIn(): Response {
  const description = `the sign-in is more than ${freshSeconds} seconds old`
  const challenge = `Bearer error="insufficient_user_authentication", error_description="${description}", max_age="${freshSeconds}"`
  const body = { error: 'insufficient_user_authentication', error_description: description }
  return Response.json(body, { status: 401, headers: { 'www-authenticate': challenge, 'cache-control': 'no-store' } })
}
