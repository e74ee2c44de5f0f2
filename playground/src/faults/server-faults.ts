import { withParameter } from './altered-popup.js'
import { neverRespond, neverSend, responding, rewriting, sendTwice } from './alteration.js'
import type { Fault } from './fault.js'

const FOREIGN_CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'

/** Faults between the app and the server's endpoints. */
export const serverFaults = [
  {
    id: 'pkce',
    label: 'Stolen authorization code',
    about: 'The code was issued for another PKCE secret.',
    alteration: {
      role: 'authorization-request',
      note: 'The code challenge was replaced by that of another secret.',
      navigate: (url) => withParameter(url, 'code_challenge', FOREIGN_CHALLENGE),
    },
    expected: 'a secret whose hash is the code challenge of the authorization request',
    received: 'a secret with another hash',
    rule: 'RFC 7636, section 4.6',
    withoutCheck: 'A person who reads the code in a URL, a log or a history could exchange it for the user’s tokens.',
  },
  {
    id: 'replay',
    label: 'Code used twice',
    about: 'Someone else sends the same code a moment before the app.',
    alteration: {
      role: 'token-request',
      note: 'The same request was sent once before. This is the response to the second one.',
      respond: sendTwice,
    },
    expected: 'a code that was not used before',
    received: 'the code of the request before',
    rule: 'RFC 6749, section 4.1.2',
    withoutCheck: 'A code from a log or a history would give tokens again and again.',
  },
  {
    id: 'issuer',
    label: 'Metadata of another server',
    about: 'Its issuer is not the configured issuer.',
    alteration: {
      role: 'discovery',
      note: 'The issuer was replaced.',
      respond: rewriting((body) => ({ ...body, issuer: 'https://evil.example' })),
    },
    expected: 'the configured issuer',
    received: 'https://evil.example',
    rule: 'OpenID Connect Discovery 1.0, section 4.3',
    withoutCheck: 'The app would send its codes or secrets to the endpoints of an attacker’s server.',
  },
  {
    id: 'redirect',
    label: 'Redirect URI that is not registered',
    about: 'The server shows an error and does not redirect. Close the popup to continue.',
    options: () => ({ redirectUri: `${location.origin}/not-registered` }),
    expected: 'a redirect URI that is registered for this client',
    received: '/not-registered at this origin',
    rule: 'RFC 6749, section 3.1.2.4',
    withoutCheck: 'An attacker could put their own address into the link, and the server would send them the code.',
    fix: 'Register the redirect URI of the app at the server, character by character. The page in the popup showed the address that the server received and those that are registered. The app learns only that the popup was closed.',
  },
  {
    id: 'tampered-redirect',
    label: 'Tampered redirect URI',
    about: 'Someone changes the address to return to in the URL. The server shows an error. Close the popup to continue.',
    alteration: {
      role: 'authorization-request',
      note: 'The redirect URI was replaced by that of an attacker.',
      navigate: (url) => withParameter(url, 'redirect_uri', 'https://evil.example/'),
    },
    expected: 'a redirect URI that is registered for this client',
    received: 'https://evil.example/',
    rule: 'RFC 6749, section 3.1.2.4',
    withoutCheck: 'The server would send the code to the attacker.',
    fix: 'Nothing in the app: the server refused the changed address, and said so on its page in the popup. The app learns only that the popup was closed.',
  },
  {
    id: 'scope',
    label: 'More scope added to the URL',
    about:
      'Someone changes the scope in the URL to “openid admin”. The app receives what the changed URL requests, if you allow it.',
    alteration: {
      role: 'authorization-request',
      note: 'The scope was replaced by “openid admin”.',
      navigate: (url) => withParameter(url, 'scope', 'openid admin'),
    },
    expected: 'the scope that the app requested',
    received: '“openid admin”',
    rule: 'RFC 9101, section 1',
    withoutCheck:
      'Nothing checks the URL of a plain request: a link or a browser extension can request more than the app did, and only you could notice. A pushed or a signed request is protected.',
  },
  {
    id: 'html',
    label: 'Web page instead of a token response',
    about: 'A proxy or firewall responds with status 200.',
    alteration: {
      role: 'token-request',
      note: 'The response is a web page.',
      respond: responding(
        () => new Response('<html>Please log in to the Wi-Fi</html>', { headers: { 'content-type': 'text/html' } }),
      ),
    },
    expected: 'a JSON object, with the content type application/json',
    received: 'a web page, with the content type text/html',
    rule: 'RFC 6749, section 5.1',
    withoutCheck: 'The app would fail later, with an error that does not name the cause.',
  },
  {
    id: 'down',
    label: 'Token endpoint unavailable',
    about: 'Status 503 with a Retry-After header.',
    alteration: {
      role: 'token-request',
      note: 'The server did not receive the request.',
      respond: responding(() => new Response('down for maintenance', { status: 503, headers: { 'retry-after': '120' } })),
    },
    expected: 'status 200 with tokens, or an OAuth error',
    received: 'status 503, with “Retry-After: 120”',
    rule: 'RFC 9110, section 15.6.4',
    withoutCheck: 'A client that treats every failure as final would sign users out, or stop its work, in a short outage.',
  },
  {
    id: 'cors',
    label: 'CORS refused',
    about: 'The server does not allow requests of this page’s origin, so the browser hides the response.',
    alteration: {
      role: 'token-request',
      note: 'The browser hid the response.',
      respond: neverSend,
    },
    expected: 'a response with Access-Control-Allow-Origin for this page',
    received: 'no response that this page may read',
    rule: 'Fetch Standard, CORS protocol',
    withoutCheck: 'Any page that you visit could read what this server returns to your browser.',
  },
  {
    id: 'slow',
    label: 'Slow server',
    about: 'The token response takes four seconds. The flow succeeds all the same.',
    alteration: {
      role: 'token-request',
      note: 'The response was delayed by four seconds.',
      respond: async (request, send) => {
        await new Promise((resolve) => setTimeout(resolve, 4000))
        return send(request)
      },
    },
    expected: 'a response within 30 seconds, the default timeout',
    received: 'a response after four seconds. The client waits, and does not send the request again',
    rule: 'RFC 9110, section 9.2.2',
    withoutCheck: 'A user who clicks a second time would start a second sign-in, and the first response would be lost.',
  },
  {
    id: 'silent',
    label: 'No response from the token endpoint',
    about: 'The request times out after three seconds.',
    alteration: { role: 'token-request', note: 'The response never arrived.', respond: neverRespond },
    options: () => ({ timeout: 3 }),
    expected: 'a response within three seconds, the timeout of this client',
    received: 'no response',
    rule: 'RFC 9110, section 9.2.2',
    withoutCheck: 'The user would look at a spinner until they close the page.',
  },
] as const satisfies readonly Fault[]
