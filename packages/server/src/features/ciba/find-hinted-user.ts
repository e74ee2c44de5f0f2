import type { Asking } from '../../token/grants/granted-scope.js'
import { OAuthError } from '../../http/oauth-error.js'
import type { Parameters } from '../../http/parameters.js'
import { readIdTokenHint } from '../../token/id-token-hint.js'
import type { CibaSettings } from './ciba-settings.js'

/**
 * @returns the `userId` of the person whom the one hint means
 * @throws OAuthError `invalid_request` for none or several hints, `unknown_user_id`. @see OpenID Connect CIBA Core 1.0, section 7.1
 */
export async function findHintedUser(params: Parameters, asking: Asking, settings: CibaSettings): Promise<string> {
  const { client, grant, server } = asking
  const [loginHint, token, idToken] = ['login_hint', 'login_hint_token', 'id_token_hint'].map((name) => params.get(name))
  if ([loginHint, token, idToken].filter((hint) => hint !== undefined).length !== 1)
    throw new OAuthError('invalid_request', 'exactly one of "login_hint", "login_hint_token" and "id_token_hint" must be there')
  if (idToken !== undefined) return (await readIdTokenHint(idToken, server, client.clientId)).sub
  const site = grant.site ?? server.site
  const userId =
    token === undefined
      ? await site.findByLoginHint({ loginHint: loginHint ?? '', client })
      : await readToken(token, asking, settings)
  if (userId !== undefined) return userId
  throw new OAuthError('unknown_user_id', 'the hint means nobody whom this server knows')
}

function readToken(token: string, { client }: Asking, { readLoginHintToken }: CibaSettings): Promise<string | undefined> {
  if (!readLoginHintToken) throw new OAuthError('invalid_request', '"login_hint_token" is not supported: send another hint')
  return Promise.resolve(readLoginHintToken(token, client))
}
