/** Server metadata, as far as the pages need it (RFC 8414, section 2). */
export type ServerFacts = Readonly<Record<string, unknown>>

/** What a page needs of the server: a member of its metadata, or a value in a list there. */
interface Need {
  readonly what: string
  readonly member: string
  /** One of these must be in the list. Absent: the member must exist. */
  readonly oneOf?: readonly string[] | undefined
  /** What the list contains if the server does not state it. Absent: nothing. */
  readonly byDefault?: readonly string[] | undefined
}

const grantTypes = (what: string, grantType: string): Need => ({
  what,
  member: 'grant_types_supported',
  oneOf: [grantType],
  byDefault: ['authorization_code', 'implicit'],
})
const responseTypes = (what: string, ...oneOf: readonly string[]): Need => ({ what, member: 'response_types_supported', oneOf })

/** By the path of the page. A page that is not in the list works with every server. */
const needs: Readonly<Record<string, Need>> = {
  '/sign-out': { what: 'signing out at the server', member: 'end_session_endpoint' },
  '/bound-tokens': { what: 'DPoP', member: 'dpop_signing_alg_values_supported' },
  '/pushed-request': { what: 'pushed requests', member: 'pushed_authorization_request_endpoint' },
  '/signed-request': { what: 'dynamic registration, which this page needs', member: 'registration_endpoint' },
  '/rich-request': { what: 'rich requests', member: 'authorization_details_types_supported' },
  '/signed-response': { what: 'signed responses', member: 'response_modes_supported', oneOf: ['jwt', 'query.jwt'] },
  '/device': { what: 'the device grant', member: 'device_authorization_endpoint' },
  '/ciba': { what: 'backchannel sign-in', member: 'backchannel_authentication_endpoint' },
  '/exchange': grantTypes('token exchange', 'urn:ietf:params:oauth:grant-type:token-exchange'),
  '/client-credentials': grantTypes('client credentials', 'client_credentials'),
  '/service-account': grantTypes('assertions of service accounts', 'urn:ietf:params:oauth:grant-type:jwt-bearer'),
  '/password': grantTypes('the password grant', 'password'),
  '/hybrid': responseTypes('the hybrid flow', 'code id_token', 'code token', 'code id_token token'),
  '/implicit': responseTypes('the implicit flow', 'id_token token', 'id_token', 'token'),
  '/revocation': { what: 'revocation', member: 'revocation_endpoint' },
  '/introspection': { what: 'introspection', member: 'introspection_endpoint' },
  '/registration': { what: 'dynamic registration', member: 'registration_endpoint' },
}

/** @returns what the page needs and the server does not state, as a sentence; undefined if nothing is missing */
export function missingFeature(path: string, facts: ServerFacts): string | undefined {
  const need = needs[path]
  if (!need) return undefined
  const { what, member, oneOf, byDefault = [] } = need
  const value = facts[member]
  const list: readonly unknown[] = Array.isArray(value) ? value : byDefault
  const isThere = oneOf ? oneOf.some((one) => list.includes(one)) : value !== undefined
  if (isThere) return undefined
  const missing = oneOf ? `“${member}” contains none of: ${oneOf.join(', ')}` : `there is no “${member}”`
  return `The server’s metadata does not offer ${what}: ${missing}.`
}
