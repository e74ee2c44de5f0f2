import { withParameter } from './altered-popup.js'
import { neverSend, responding, rewriting, sendTwice } from './alteration.js'
import type { Fault } from './fault.js'
import { resigned } from './id-token-faults.js'

const unavailable = responding(() => new Response('down for maintenance', { status: 503, headers: { 'retry-after': '120' } }))

/** Faults that only some pages can show: pushed requests, bound tokens, refresh, revocation, registration. */
export const endpointFaults = [
  {
    id: 'pushed-scope',
    label: 'More scope added to the URL',
    about: 'Someone adds “scope=openid admin” to the URL. It has no effect.',
    alteration: {
      role: 'authorization-request',
      note: 'The parameter “scope” was added.',
      navigate: (url) => withParameter(url, 'scope', 'openid admin'),
    },
    expected: 'the parameters that were pushed',
    received: '“scope=openid admin” in the URL, which the server ignores',
    rule: 'RFC 9101, section 6.3',
    withoutCheck: 'A link or a browser extension could request more than the app did, as with a plain request.',
  },
  {
    id: 'pushed-redirect',
    label: 'Redirect URI added to the URL',
    about: 'Someone adds another address to return to. It has no effect.',
    alteration: {
      role: 'authorization-request',
      note: 'The parameter “redirect_uri” was added, with the address of an attacker.',
      navigate: (url) => withParameter(url, 'redirect_uri', 'https://evil.example/'),
    },
    expected: 'the parameters that were pushed',
    received: '“redirect_uri=https://evil.example/” in the URL, which the server ignores',
    rule: 'RFC 9101, section 6.3',
    withoutCheck: 'The server would send the code to the attacker.',
  },
  {
    id: 'proof',
    label: 'Proof used twice',
    about: 'Someone copies the token request with its DPoP proof, and sends it a moment before the app.',
    alteration: {
      role: 'token-request',
      note: 'The same request, with the same proof, was sent once before. This is the response to the second one.',
      respond: sendTwice,
    },
    expected: 'a proof with an ID (jti) that the server has not seen',
    received: 'the proof of the request before',
    rule: 'RFC 9449, section 11.1',
    withoutCheck: 'A copied request could be sent again. The key would no longer prove who sends it.',
    fix: 'Make a new proof for each request, as this client does. Someone else has sent this one, and used the code too: sign in again.',
  },
  {
    id: 'refresh-refused',
    label: 'Session ended elsewhere',
    about: 'An administrator or the user has ended the session. The server refuses the refresh token.',
    alteration: {
      role: 'refresh-request',
      note: 'The server did not receive the request. The response is a refusal.',
      respond: responding(() => Response.json({ error: 'invalid_grant' }, { status: 400 })),
    },
    expected: 'new tokens for the refresh token',
    received: 'status 400, with the error “invalid_grant”',
    rule: 'RFC 6749, section 5.2',
    withoutCheck: 'The app would show the user as signed in, and every request would fail.',
  },
  {
    id: 'refresh-down',
    label: 'Token endpoint unavailable at the refresh',
    about: 'Status 503 with a Retry-After header. The session stays, and the client waits before it tries again.',
    alteration: { role: 'refresh-request', note: 'The server did not receive the request.', respond: unavailable },
    expected: 'status 200 with tokens, or an OAuth error',
    received: 'status 503, with “Retry-After: 120”',
    rule: 'RFC 9110, section 15.6.4',
    withoutCheck: 'An app that signs the user out at every failure would lose all sessions in a short outage.',
  },
  {
    id: 'refresh-signature',
    label: 'Refreshed ID token signed with a foreign key',
    about: 'The response to the refresh contains an ID token, and its key is not one of the server’s.',
    alteration: {
      role: 'refresh-request',
      note: 'The ID token was signed again, with a key that is not the server’s.',
      respond: rewriting(async (body) => ({ ...body, id_token: await resigned(String(body['id_token'])) })),
    },
    expected: 'a signature by a key in the server’s JWKS',
    received: 'a signature by another key (“kid”: “forged”)',
    rule: 'OpenID Connect Core 1.0, section 12.2',
    withoutCheck: 'Anyone who can change a response could turn the session into that of another user.',
  },
  {
    id: 'revocation-down',
    label: 'Revocation endpoint unavailable',
    about: 'Status 503 with a Retry-After header. The token is still valid.',
    alteration: { role: 'revocation', note: 'The server did not receive the request.', respond: unavailable },
    expected: 'status 200',
    received: 'status 503, with “Retry-After: 120”',
    rule: 'RFC 7009, section 2.2.1',
    withoutCheck: 'The user would believe that the token is no longer valid.',
  },
  {
    id: 'revocation-cors',
    label: 'CORS refused at the revocation endpoint',
    about: 'The server allows this page at its token endpoint, but not here. The browser hides the response.',
    alteration: { role: 'revocation', note: 'The browser hid the response.', respond: neverSend },
    expected: 'a response with Access-Control-Allow-Origin for this page',
    received: 'no response that this page may read',
    rule: 'Fetch Standard, CORS protocol',
    withoutCheck: 'The user would believe that the token is no longer valid.',
  },
  {
    id: 'registration-uri',
    label: 'Redirect URI that runs a script',
    about: 'The metadata is changed on the way: the redirect URI starts with “javascript:”. The server refuses it.',
    alteration: {
      role: 'registration',
      note: 'The redirect URI in the request was replaced by “javascript:alert(1)”.',
      respond: async (request, send) => {
        const body = { ...((await request.json()) as object), redirect_uris: ['javascript:alert(1)'] }
        return send(new Request(request.url, { method: 'POST', headers: request.headers, body: JSON.stringify(body) }))
      },
    },
    expected: 'redirect URIs with https, or with http on this device',
    received: 'javascript:alert(1)',
    rule: 'RFC 7591, section 5',
    withoutCheck: 'The server’s own page would run the script of an attacker when it redirects.',
  },
  {
    id: 'registration-down',
    label: 'Registration endpoint unavailable',
    about: 'Status 503 with a Retry-After header.',
    alteration: { role: 'registration', note: 'The server did not receive the request.', respond: unavailable },
    expected: 'status 201 with a client ID, or an OAuth error',
    received: 'status 503, with “Retry-After: 120”',
    rule: 'RFC 9110, section 15.6.4',
    withoutCheck: 'The app would use a client ID that does not exist.',
  },
] as const satisfies readonly Fault[]
