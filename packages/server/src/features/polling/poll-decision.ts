import type { Approval, Decisions, PendingRequest } from './decisions.js'
import { defined } from '../../options/defined.js'
import { OAuthError } from '../../http/oauth-error.js'
import type { ServerParts } from '../../options/server-parts.js'
import { digest } from '../../storage/digest.js'
import type { Issue } from '../../token/issue-tokens.js'
import type { TokenRequest } from '../../token/grants/grant.js'

/** How a client asks what became of its request. */
export interface PollSettings<Request extends PendingRequest> {
  /** The parameter that names the request. */
  readonly parameter: string
  readonly find: (key: string, server: ServerParts) => Promise<Request | undefined>
  readonly decisions: Decisions
  /** Seconds between polls. */
  readonly interval: number
}

/**
 * @returns what to issue, once, after the person said yes
 * @throws OAuthError `authorization_pending`, `slow_down`, `expired_token`, `access_denied`; `invalid_grant` for what is another client's or was used
 * @see RFC 8628, section 3.5; OpenID Connect CIBA Core 1.0, section 11
 */
export async function pollDecision<Request extends PendingRequest>(
  request: TokenRequest,
  { parameter, find, decisions, interval }: PollSettings<Request>,
): Promise<Issue> {
  const { params, client, exchange } = request
  const { server } = exchange
  const secret = params.get(parameter)
  if (secret === undefined) throw new OAuthError('invalid_request', `"${parameter}" is missing`)
  const asked = await find(await digest(secret), server)
  if (!asked || asked.clientId !== client.clientId) throw unknown(parameter)
  if (asked.expiresAt <= server.now()) throw new OAuthError('expired_token', `the "${parameter}" has expired`)
  const isPatient = await decisions.notePoll(asked, interval, server)
  const decision = await decisions.read(asked, server)
  if (!decision) {
    if (!isPatient) throw new OAuthError('slow_down', `wait ${interval} seconds between polls`)
    throw new OAuthError('authorization_pending', 'the person has not decided yet')
  }
  if (!decision.allowed) throw new OAuthError('access_denied', 'the person refused the request')
  if (!(await decisions.take(asked, server))) throw unknown(parameter)
  return issueFor(asked, decision, request)
}

function unknown(parameter: string): OAuthError {
  return new OAuthError('invalid_grant', `the "${parameter}" is unknown, or was used before`)
}

function issueFor(asked: PendingRequest, { allowed: _allowed, ...person }: Approval, { client, grant }: TokenRequest): Issue {
  return {
    client,
    grantType: grant.grantType ?? '',
    scope: asked.scope,
    requestedScope: asked.requestedScope,
    ...person,
    // Not bound to the session of the browser that said yes: that may be somebody else's computer.
    families: [crypto.randomUUID()],
    expiresIn: grant.expiresIn,
    withRefreshToken: true,
    ...defined({ resources: asked.resources, authorizationDetails: asked.authorizationDetails }),
  }
}
