import { jwtVerify } from 'jose'
import { OAuthError } from '../http/oauth-error.js'
import type { ServerParts } from '../options/server-parts.js'

/** What a hint says. It may be expired: it tells who, and grants nothing. */
export interface IdTokenHint {
  readonly sub: string
  readonly sid: string | undefined
  readonly clientId: string
}

/** @throws OAuthError `invalid_request` for what is not an ID token of this server for this client */
export async function readIdTokenHint(hint: string, server: ServerParts, clientId?: string): Promise<IdTokenHint> {
  try {
    const { payload } = await jwtVerify(hint, await server.keys.verifier(), {
      issuer: server.issuer,
      // An access token or a logout token of this server's is no ID token (RFC 8725, section 3.11).
      typ: 'JWT',
      algorithms: [...server.keys.algorithms],
      currentDate: new Date(0),
      clockTolerance: Number.MAX_SAFE_INTEGER,
      ...(clientId === undefined ? {} : { audience: clientId }),
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
