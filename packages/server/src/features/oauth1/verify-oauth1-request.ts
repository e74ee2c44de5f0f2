import type { ServerContext } from '../../options/server-context.js'
import { checkSignedRequest, checkTransport, findSigningClient, type OAuth1Server, required } from './check-signed-request.js'
import type { OAuth1ClientRecord } from './oauth1-client-record.js'
import { OAuth1Error, refusal } from './oauth1-error.js'
import type { TokenCredential } from './oauth1-hooks.js'
import { readOAuth1Request } from './read-oauth1-request.js'

/** What a protected resource requires of a signed request. */
export interface OAuth1Requirements {
  /** The URL of the request as clients know it, if a proxy has changed it. */
  readonly url?: string | undefined
  /** Accept requests that are signed with the client's credentials only ("two-legged"). Default false. */
  readonly withoutToken?: boolean | undefined
  /** Refuse bodies that the signature does not cover: those that are neither a form nor hashed. Default false. */
  readonly requireBodyHash?: boolean | undefined
}

/** Who has signed the request, or the response to send instead of the resource. */
export type OAuth1Verification =
  | {
      readonly ok: true
      readonly client: OAuth1ClientRecord
      /** Undefined for a request that is signed with the client's credentials only. */
      readonly token: TokenCredential | undefined
      /** The user who has allowed the access. */
      readonly userId: string | undefined
    }
  | { readonly ok: false; readonly response: Response }

/** Protects a resource. The body of the request stays readable. @see RFC 5849, section 3.2 */
export async function verifySignedRequest(
  request: Request,
  requirements: OAuth1Requirements,
  at: OAuth1Server & { readonly server: Pick<ServerContext, 'issuer'> },
): Promise<OAuth1Verification> {
  try {
    return await verify(request, requirements, at)
  } catch (error) {
    if (error instanceof OAuth1Error) return { ok: false, response: refusal(error, at.server.issuer, 'json') }
    throw error
  }
}

async function verify(request: Request, requirements: OAuth1Requirements, at: OAuth1Server): Promise<OAuth1Verification> {
  const read = await readOAuth1Request(request, new URL(requirements.url ?? request.url))
  checkTransport(read)
  const client = await findSigningClient(read, at)
  const hasToken = !requirements.withoutToken || !!read.parameters.get('oauth_token')
  const token = hasToken ? await findToken(required(read, 'oauth_token'), client, at) : undefined
  const isCovered = read.form !== undefined || read.body.byteLength === 0 || read.parameters.has('oauth_body_hash')
  if (requirements.requireBodyHash && !isCovered)
    throw new OAuth1Error('missing_required_parameter', 'missing "oauth_body_hash" in parameters')
  await checkSignedRequest(read, { client, tokenSecret: token?.tokenSecret }, at)
  return { ok: true, client, token, userId: token?.userId }
}

/** @throws OAuth1Error invalid_token */
async function findToken(
  token: string,
  { clientId }: OAuth1ClientRecord,
  { settings, server }: OAuth1Server,
): Promise<TokenCredential> {
  const found = await settings.hooks(server).getTokenCredential(clientId, token)
  if (found && found.clientId === clientId) return found
  throw new OAuth1Error('invalid_token', 'the token is unknown, revoked or of another client')
}
