import type { AuthorizationServer } from '@latchkey/server'

/**
 * A small API that wants a token, to try calls with: `me` any token, `admin` one with the scope `admin`.
 *
 * @param path what follows the API's own path, such as `/me`
 */
export async function answerApi(request: Request, path: string, server: AuthorizationServer): Promise<Response> {
  const scope = { '/me': '', '/admin': 'admin' }[path]
  if (scope === undefined) return Response.json({ error: 'not_found', known: ['me', 'admin'] }, { status: 404 })
  const verified = await server.verifyRequest(request, scope ? { scope } : {})
  if (!verified.ok) return verified.response
  const { userId, clientId, scope: granted, expiresAt } = verified.token
  const exp = expiresAt === undefined ? undefined : Math.floor(expiresAt / 1000)
  return Response.json({
    message: `Hello, ${userId ?? clientId}`,
    sub: userId,
    client_id: clientId,
    scope: granted.join(' '),
    exp,
  })
}
