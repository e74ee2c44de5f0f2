/** What each claim means, in a sentence. @see OpenID Connect Core 1.0, sections 2 and 5.1; RFC 7519, section 4.1; RFC 9068, section 2.2 */
const MEANINGS: Readonly<Record<string, string>> = {
  iss: 'Issuer: the server that issued the token.',
  sub: 'Subject: the user’s identifier at this issuer. It never changes; store this, not the e-mail address.',
  aud: 'Audience: who the token is for. In an ID token it is the client ID.',
  azp: 'Authorized party: the client that the token was issued to, if there are several audiences.',
  exp: 'Expiry of the ID token. It does not end the session.',
  iat: 'When the token was issued.',
  nbf: 'The token is not valid before this time.',
  jti: 'Identifier of this token.',
  nonce: 'Connects the token with the authorization request, so that it cannot be replayed.',
  at_hash: 'Left half of the hash of the access token: the two belong together.',
  c_hash: 'Left half of the hash of the authorization code.',
  s_hash: 'Left half of the hash of the state.',
  auth_time: 'When the user last entered credentials.',
  acr: 'How strongly the user was authenticated, in the server’s own words.',
  amr: 'Which methods the user authenticated with, such as "pwd" or "mfa".',
  sid: 'Identifier of the session at the server.',
  name: 'Full name.',
  given_name: 'Given name.',
  family_name: 'Family name.',
  middle_name: 'Middle name.',
  nickname: 'Casual name.',
  preferred_username: 'The name that the user wants to be called by. Neither unique nor stable.',
  profile: 'URL of the profile page.',
  picture: 'URL of a picture.',
  website: 'URL of the user’s website.',
  email: 'E-mail address. Check "email_verified" before you trust it.',
  email_verified: 'Whether the server has verified that the address is the user’s.',
  gender: 'Gender.',
  birthdate: 'Date of birth: YYYY-MM-DD, or the year alone.',
  zoneinfo: 'Time zone, such as Europe/Berlin.',
  locale: 'Language and region, such as en-US.',
  phone_number: 'Telephone number.',
  phone_number_verified: 'Whether the server has verified the number.',
  address: 'Postal address.',
  updated_at: 'When the profile last changed.',
  client_id: 'The client that the token was issued to.',
  scope: 'What the token allows, space-separated.',
  cnf: 'The key that the token is bound to.',
  act: 'Who acts for the user.',
  roles: 'Roles of the user, by an agreement with this server.',
  groups: 'Groups of the user, by an agreement with this server.',
  tid: 'Tenant of the user (Microsoft Entra).',
  oid: 'Identifier of the user in the directory (Microsoft Entra).',
  hd: 'Domain of the organization (Google).',
}

const TIMES: ReadonlySet<string> = new Set(['exp', 'iat', 'nbf', 'auth_time', 'updated_at'])

/** Returns what a claim means. */
export function meaningOf(claim: string): string {
  return Object.hasOwn(MEANINGS, claim) ? (MEANINGS[claim] ?? '') : 'A claim of this server, without a standard meaning.'
}

/** Returns the value of a claim as JSON, and a time with its date. */
export function claimText(claim: string, value: unknown): string {
  if (TIMES.has(claim) && typeof value === 'number' && Math.abs(value) < 1e11)
    return `${new Date(value * 1000).toLocaleString()} (${value})`
  return JSON.stringify(value) ?? ''
}
