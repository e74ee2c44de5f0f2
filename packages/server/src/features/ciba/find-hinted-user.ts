import { OAuthError } from '../../http/oauth-error.js'
import type { Parameters } from '../../http/parameters.js'
import type { ServerContext } from '../../options/server-context.js'
import type { ClientRecord } from '../../storage/client-record.js'
import { readIdTokenHint } from '../../token/id-token-hint.js'
import type { CibaContext, CibaSettings } from './ciba-settings.js'

/**
 * Returns the `userId` that the request's one hint identifies.
 *
 * @throws OAuthError `invalid_request` for none or several hints, `unknown_user_id`. @see OpenID Connect CIBA Core 1.0, section 7.1
 */
export async function findHintedUser(
  params: Parameters,
  { client, server }: { readonly client: ClientRecord; readonly server: Pick<ServerContext, 'site' | 'issuer' | 'keys'> },
  { grant, settings }: CibaContext,
): Promise<string> {
  const [loginHint, token, idToken] = ['login_hint', 'login_hint_token', 'id_token_hint'].map((name) => params.get(name))
  if ([loginHint, token, idToken].filter((hint) => hint !== undefined).length !== 1)
    throw new OAuthError('invalid_request', 'exactly one of "login_hint", "login_hint_token" and "id_token_hint" is required')
  if (idToken !== undefined) return (await readIdTokenHint(idToken, server, client.clientId)).sub
  const site = grant.site ?? server.site
  const userId =
    token === undefined
      ? await site.findByLoginHint({ loginHint: loginHint ?? '', client })
      : await readToken(token, client, settings)
  if (userId !== undefined) return userId
  throw new OAuthError('unknown_user_id', 'the hint identifies no user of this server')
}

async function readToken(token: string, client: ClientRecord, { readLoginHintToken }: CibaSettings): Promise<string | undefined> {
  if (!readLoginHintToken) throw new OAuthError('invalid_request', '"login_hint_token" is not supported: send another hint')
  return readLoginHintToken(token, client)
}
