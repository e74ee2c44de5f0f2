import type { IdTokenReasons, TextsOf } from './reasons.js'

const NOTHING_USED = 'The server issued a token that breaks the specification; nothing of it is used.'

/** By the claim or header parameter that oauth4webapi refuses. */
const CLAIM_HINTS: ReadonlyMap<string, string> = new Map([
  ['iss', 'The token is from another issuer than the server metadata names.'],
  ['aud', 'The token is for another client: check "clientId".'],
  ['sub', 'The token names no user: check the mappings of claims at the server.'],
  ['exp', 'The token is expired, or the clock of this device is fast: check both.'],
  ['nbf', 'The clock of this device is slow, or the token is not valid yet.'],
  ['nonce', 'The token belongs to another request; sign in again. If it persists, the server does not return "nonce".'],
  ['auth_time', 'The user signed in longer ago than "maxAge" allows, or the server omitted "auth_time".'],
  [
    'alg',
    'Set "idTokenSignedResponseAlg" to the algorithm that the server signs with for this client; "none" is never accepted.',
  ],
])

/** What is wrong with a claim, the section of OpenID Connect Core 1.0, and the hint. Other problems are their own text. */
const CLAIM_PROBLEMS: Readonly<Record<string, readonly [text: string, section?: string, hint?: string]>> = {
  kind: ['names another kind of token'],
  missing: ['is missing'],
  nonce: ['is not that of the request'],
  number: ['is not a positive number'],
  age: ['is absent or too long ago'],
  event: ['makes it a security event, such as a logout token'],
  response: ['is not that of the authorization response'],
  client: ['is not this client'],
  audiences: [
    'has other audiences besides this client, and no "azp" says for whom it was issued',
    'section 3.1.3.7',
    'If the server always adds these audiences, list them in "trustedAudiences".',
  ],
  future: ['is in the future: the clock of this device is slow'],
  list: ['is not a list of strings'],
  user: ['is another user than the request was made for'],
  acr: ['is not among the values that the request made essential', 'section 5.5.1.1'],
  formerUser: ['is another user than signed in', 'section 12.2'],
  former: ['is not that of the sign-in', 'section 12.2'],
  hash: ['does not match the value it is the hash of', 'section 3.1.3.6'],
  openid: ['is missing although "openid" was requested', 'section 3.1.3.3'],
}

/** Problems whose hint is that of the claim. */
const OWN_HINTS: ReadonlySet<string> = new Set(['nonce', 'age'])

/** Of ID tokens. */
export const ID_TOKEN_REASONS: TextsOf<IdTokenReasons> = {
  idTokenAlgorithm: (algorithm) => ({
    message: `ID tokens signed with "${algorithm}" are not accepted.`,
    hint: 'Set "idTokenSignedResponseAlg" to RS256, PS256, ES256 or EdDSA, as registered for the client.',
    spec: 'RFC 8725, section 3.1',
  }),
  /** oauth4webapi's messages name the claim or header parameter in quotes and contain no values. */
  idToken: (cause) => {
    // An ID token is read as a signed UserInfo response.
    const message = cause.message.replace(/^"response" body ("\w+") property/, 'claim $1')
    const name = /"(\w+)"/.exec(message)?.[1] ?? (message.includes('authentication') ? 'auth_time' : '')
    return {
      message: `The ID token is not valid: ${message}`,
      hint: CLAIM_HINTS.get(name) ?? NOTHING_USED,
      spec: 'OpenID Connect Core 1.0, section 3.1.3.7',
    }
  },
  /** @param problem a key of the problems above, or a text */
  claim: (name, problem, section = 'section 3.1.3.7') => {
    const known = Object.hasOwn(CLAIM_PROBLEMS, problem) ? CLAIM_PROBLEMS[problem] : undefined
    return {
      message: `The ID token is not valid: claim "${name}" ${known?.[0] ?? problem}.`,
      hint:
        known?.[2] ??
        (OWN_HINTS.has(problem) ? CLAIM_HINTS.get(name) : undefined) ??
        `Nothing of this response is used. Check "${name}" in the server's ID token and in the registration of the client.`,
      spec: `OpenID Connect Core 1.0, ${known?.[1] ?? section}`,
    }
  },
}
