/** What each parameter, member and header is for, in plain words, by its name on the wire. */
export const parameterNotes: Readonly<Record<string, string>> = {
  // authorization request
  response_type: 'What to send back. “code” asks for a one-time code, so that no token ever stands in an address.',
  client_id: 'Which app is asking.',
  redirect_uri: 'Where the browser comes back to. The server accepts only addresses that it was told beforehand.',
  scope: 'What the app asks to be allowed.',
  state: 'A random number that comes back unchanged. An answer without it was not asked for, and is thrown away.',
  nonce: 'A random number that must be found inside the ID token: an old token cannot be passed off as a new one.',
  code_challenge: 'The fingerprint (SHA-256) of a secret that never leaves this browser until the code is redeemed: PKCE.',
  code_challenge_method: 'How the fingerprint was made.',
  prompt: 'Whether the server should ask again even though it knows the person.',
  max_age: 'How many seconds ago the person may have signed in at most.',
  login_hint: 'Whom the app expects to sign in.',
  resource: 'Which API the token is for.',
  // authorization response
  code: 'The one-time code. Useless to anybody who does not know the secret behind the fingerprint.',
  iss: 'Who is answering. It must be the server that was asked.',
  session_state: 'A mark of the session at the server.',
  error: 'Why not, in the words of the specification.',
  error_description: 'Why not, in the words of the server.',
  // token request and response
  grant_type: 'What is offered in exchange for tokens.',
  code_verifier: 'The secret itself. The server compares it with the fingerprint: only this browser can know it.',
  access_token: 'What an API wants to see. To the app it is only a string.',
  token_type: '“Bearer”: whoever holds the token may use it.',
  expires_in: 'How many seconds the access token lives.',
  refresh_token: 'Fetches a new access token without asking the person again. The server swaps it at every use.',
  id_token: 'A signed statement about who signed in, made for this app.',
  // claims
  sub: 'The user, as this server counts them: never changes, never given to another person.',
  aud: 'Whom the token is for.',
  exp: 'When it ends.',
  iat: 'When it was made.',
  nbf: 'From when on it counts.',
  auth_time: 'When the person signed in.',
  azp: 'Which app it was given to.',
  at_hash: 'A fingerprint of the access token that came with it: the two belong together.',
  c_hash: 'A fingerprint of the code that came with it.',
  sid: 'The session at the server.',
  jti: 'The token’s own number.',
  acr: 'How sure the server is of the person.',
  amr: 'How the person proved who they are.',
  name: 'Full name.',
  given_name: 'First name.',
  family_name: 'Last name.',
  preferred_username: 'What the person likes to be called here.',
  nickname: 'A short name.',
  email: 'E-mail address.',
  email_verified: 'Whether the server made sure that the address is theirs.',
  picture: 'Address of a picture.',
  locale: 'Language and region.',
  zoneinfo: 'Time zone.',
  updated_at: 'When these facts were last changed.',
  // headers of a token
  alg: 'How it is signed.',
  kid: 'Which of the server’s keys signed it.',
  typ: 'What kind of token it is.',
  // requests to other endpoints
  Authorization: 'The access token, shown to the API.',
  DPoP: 'Proof that this browser holds the key that the token is bound to.',
  'WWW-Authenticate': 'What the API wants before it answers.',
  id_token_hint: 'Whose session to end.',
  post_logout_redirect_uri: 'Where the browser goes after signing out.',
  token: 'The token that must stop working.',
  token_type_hint: 'What kind of token it is.',
  // server metadata
  issuer: 'The server’s name for itself. It must be, letter for letter, what was asked for.',
  authorization_endpoint: 'Where people sign in.',
  token_endpoint: 'Where codes become tokens.',
  userinfo_endpoint: 'Where facts about the user can be asked for.',
  jwks_uri: 'Where the keys are that tokens are checked with.',
  end_session_endpoint: 'Where people sign out.',
  revocation_endpoint: 'Where tokens are made useless.',
  introspection_endpoint: 'Where an API can ask whether a token is good.',
  keys: 'The public keys. What they verify, only the server can have signed.',
}

/** Claims that are times in seconds since the epoch. */
const timeClaims: ReadonlySet<string> = new Set(['exp', 'iat', 'nbf', 'auth_time', 'updated_at'])

/** @returns the time as people write it, when the claim is one */
export function readableTime(name: string, value: unknown): string | undefined {
  return timeClaims.has(name) && typeof value === 'number' ? new Date(value * 1000).toLocaleString() : undefined
}
