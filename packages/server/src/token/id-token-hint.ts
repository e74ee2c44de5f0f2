import { jwtVerify } from 'jose'
import { OAuthError } from '../http/oauth-error.js'
import type { ServerContext } from '../options/server-context.js'

/** What a hint contains. It may be expired, since it only identifies the user. */
export interface IdTokenHint {
  readonly sub: string
  readonly sid: string | undefined
  readonly clientId: string
}

/** Reads an ID token hint. Throws OAuthError `invalid_request` if it is not an ID token of this server for this client. */
export async function readIdTokenHint(
  hint: string,
  server: Pick<ServerContext, 'issuer' | 'keys'>,
  clientId?: string,
): Promise<IdTokenHint> {
  try {
    const { payload } = await jwtVerify(hint, await server.keys.verifier(), {
      issuer: server.issuer,
      // Not an access token or logout token of this server (RFC 8725, section 3.11).
      typ: 'JWT',
      algorithms: [...server.keys.algorithms],
      currentDate: new Date(0),
      clockTolerance: Number.MAX_SAFE_INTEGER,
      ...(clientId !== undefined && { audience: clientId }),
    })
    const audience = Array.isArray(payload.aud) ? payload.aud[0] : payload.aud
    if (payload.sub === undefined || audience === undefined) throw new TypeError('no "sub" or no "aud"')
    return { sub: payload.sub, sid: typeof payload['sid'] === 'string' ? payload['sid'] : undefined, clientId: audience }
  } catch (cause) {
    throw new OAuthError('invalid_request', '"id_token_hint" is not an ID token that this server issued to this client', {
      cause,
    })
  }
}
