import type { ServerContext } from '../../options/server-context.js'
import { readIdTokenHint } from '../../token/id-token-hint.js'
import type { AuthorizationRequest, Findings } from '../authorization-request.js'

/** Adds the user that the client expects to be signed in. @see OpenID Connect Core 1.0, section 3.1.2.1 */
export async function checkIdTokenHint({ params, client }: AuthorizationRequest, server: ServerContext): Promise<Findings> {
  const hint = params.get('id_token_hint')
  if (hint === undefined) return
  return { hintedSubject: (await readIdTokenHint(hint, server, client.clientId)).sub }
}
