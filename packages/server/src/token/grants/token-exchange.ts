import { narrowedDetails } from '../../features/rar/requested-details.js'
import { OAuthError } from '../../http/oauth-error.js'
import { parseScope } from '../scope.js'
import type { AccessTokenRecord } from '../../storage/access-token-store.js'
import type { ClientRecord } from '../../storage/client-store.js'
import { isExpired, remainingSeconds } from '../../storage/expiry.js'
import { digest } from '../../storage/digest.js'
import type { Issue } from '../issue-tokens.js'
import { isPublic } from './client-may.js'
import { grantBase, type Grant, type GrantOptions, type TokenRequest } from './grant.js'
import { grantedScope } from './granted-scope.js'
import { requestedResources } from './requested-resources.js'

const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token'

/** Who wants to exchange what. */
export interface Exchanging {
  readonly client: ClientRecord
  readonly subject: AccessTokenRecord
  readonly actor: AccessTokenRecord | undefined
  readonly scope: readonly string[]
  readonly resources: readonly string[]
  readonly audience: readonly string[]
}

export interface TokenExchangeOptions extends GrantOptions {
  /** Whether an exchange is allowed. Default: confidential clients may exchange any access token of this server. */
  readonly isAllowed?: (exchanging: Exchanging) => boolean | Promise<boolean>
}

/** Token exchange: an access token for one with less scope or another audience. @see RFC 8693 */
export function tokenExchange(options: TokenExchangeOptions = {}): Grant {
  const isAllowed = options.isAllowed ?? (({ client }) => !isPublic(client))
  return {
    ...grantBase(options),
    grantType: 'urn:ietf:params:oauth:grant-type:token-exchange',
    async handle(request) {
      const exchanging = await readExchange(request)
      if (!(await isAllowed(exchanging))) throw new OAuthError('unauthorized_client', 'this client may not exchange this token')
      const { params, client, exchange } = request
      const narrowed = await narrowedDetails(params, exchanging.subject.authorizationDetails, { client, server: exchange.server })
      return { ...issueExchanged(exchanging, request), ...narrowed }
    },
  }
}

async function readExchange(request: TokenRequest): Promise<Exchanging> {
  const { params, client } = request
  const wanted = params.get('requested_token_type') ?? ACCESS_TOKEN
  if (wanted !== ACCESS_TOKEN) throw new OAuthError('invalid_request', '"requested_token_type" must be an access token')
  const subject = await readToken('subject_token', request)
  if (!subject) throw new OAuthError('invalid_request', '"subject_token" is missing')
  const actor = await readToken('actor_token', request)
  // Whoever got hold of a bound token must not make a plain one of it: what comes of it is bound as well.
  if (subject.dpopJkt !== undefined && request.dpopJkt === undefined)
    throw new OAuthError('invalid_dpop_proof', 'the subject token is bound to a key: what comes of it needs a DPoP proof')
  const { resources = [] } = requestedResources(params)
  return { client, subject, actor, scope: exchangedScope(subject, request), resources, audience: params.all('audience') }
}

/** Less than the subject token has, and no more than this client gets by this grant. @see RFC 8693, section 2.1 */
function exchangedScope(
  subject: AccessTokenRecord,
  { params, client, grant, exchange: { server } }: TokenRequest,
): readonly string[] {
  const asked = params.get('scope')
  if (!parseScope(asked).every((name) => subject.scope.includes(name)))
    throw new OAuthError('invalid_scope', '"scope" asks for more than the subject token has')
  // The subject token is the source of the scope: a default would add to it.
  const { defaultScope: _default, scopes: ofGrant = [], ...bare } = grant
  const scopes = ofGrant.length === 0 ? subject.scope : subject.scope.filter((name) => ofGrant.includes(name))
  if (scopes.length === 0 && subject.scope.length > 0)
    throw new OAuthError('invalid_scope', 'this grant gives none of the scopes of the subject token')
  return grantedScope(asked ?? (subject.scope.join(' ') || undefined), { grant: { ...bare, scopes }, client, server })
}

async function readToken(name: string, { params, exchange: { server } }: TokenRequest): Promise<AccessTokenRecord | undefined> {
  const token = params.get(name)
  const type = params.get(`${name}_type`)
  if ((token === undefined) !== (type === undefined))
    throw new OAuthError('invalid_request', `"${name}" and "${name}_type" go together`)
  if (token === undefined) return undefined
  if (type !== ACCESS_TOKEN) throw new OAuthError('invalid_request', `"${name}_type" must be that of an access token`)
  const record = await server.stores.accessTokens.findByToken(await digest(token))
  if (record && !isExpired(record, server.now())) return record
  throw new OAuthError('invalid_request', `"${name}" is unknown, expired or revoked`)
}

function issueExchanged(
  { client, subject, actor, scope, resources, audience }: Exchanging,
  { params, grant, exchange }: TokenRequest,
): Issue {
  const left = remainingSeconds(subject, exchange.server.now())
  return {
    client,
    grantType: 'urn:ietf:params:oauth:grant-type:token-exchange',
    // No ID token comes of an exchange: the person is not there.
    scope,
    requestedScope: params.get('scope'),
    ...(subject.userId === undefined ? {} : { userId: subject.userId }),
    data: { ...subject.data, ...(actor ? { act: { sub: actor.userId ?? actor.clientId } } : {}) },
    families: subject.families,
    // The new token must not outlive the one that it came of.
    expiresIn: shorter(grant.expiresIn, left),
    withRefreshToken: false,
    withoutIdToken: true,
    ...audienceOf([...resources, ...audience], subject),
    more: { issued_token_type: ACCESS_TOKEN },
  }
}

/** Where none is named, the new token is for what the subject token was for. */
function audienceOf(named: readonly string[], subject: AccessTokenRecord): Pick<Issue, 'resources'> {
  const resources = named.length > 0 ? named : subject.resources
  return resources === undefined ? {} : { resources }
}

/** @returns the shorter of two lifetimes, of which undefined is for ever */
function shorter(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.min(one, other)
}
