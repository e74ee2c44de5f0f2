import { responding, rewriting, withForm } from './alteration.js'
import type { Fault } from './fault.js'

/** Faults that fit one flow: of the response in the URL, and of the requests of other grants. */
export const grantFaults = [
  {
    id: 'response-token',
    label: 'Replaced access token in the URL',
    about: 'Someone changes the URL with which the popup returns. With “token” alone, the app cannot notice it.',
    alteration: { role: 'authorization-response', note: 'The access token in the URL was replaced.', callback: 'access-token' },
    expected: 'the access token whose hash (at_hash) is in the ID token',
    received: 'another-token',
    rule: 'OpenID Connect Core 1.0, section 3.2.2.9',
    withoutCheck: 'The app would call its API with the access token of another user, and show or change their data.',
  },
  {
    id: 'response-code',
    label: 'Replaced code in the URL',
    about: 'Someone changes the URL with which the popup returns. The hash in the ID token shows it before the code is used.',
    alteration: { role: 'authorization-response', note: 'The code in the URL was replaced.', callback: 'code' },
    expected: 'the code whose hash (c_hash) is in the ID token',
    received: 'another-code',
    rule: 'OpenID Connect Core 1.0, section 3.3.2.10',
    withoutCheck: 'An attacker could put their own code into the URL, and the user would work in the account of the attacker.',
  },
  {
    id: 'response-signature',
    label: 'Changed response',
    about: 'Someone changes one character of the signature on the way. An unsigned response has none that could be changed.',
    alteration: {
      role: 'authorization-response',
      note: 'One character of the signature was replaced.',
      callback: 'signature',
    },
    expected: 'a signature by the server, over the whole response',
    received: 'a signature that does not fit',
    rule: 'JWT Secured Authorization Response Mode for OAuth 2.0 (JARM), section 2.4',
    withoutCheck: 'An attacker could replace the code or the error in the URL, and the app would use it.',
  },
  {
    id: 'exchange-scope',
    label: 'More scope than the token has',
    about: 'The request is changed on the way: it asks for “admin”. The server refuses it.',
    alteration: {
      role: 'token-request',
      note: 'The scope in the request was replaced by “admin”.',
      respond: async (request, send) => send(await withForm(request, { scope: 'admin' })),
    },
    expected: 'a scope that the exchanged token has',
    received: 'admin',
    rule: 'RFC 8693, section 2.2.2',
    withoutCheck: 'Any service that receives a token could exchange it for one that permits everything.',
  },
  {
    id: 'exchange-token',
    label: 'Token that was changed',
    about: 'One character of the token to exchange is replaced.',
    alteration: {
      role: 'token-request',
      note: 'The last four characters of subject_token were replaced.',
      respond: async (request, send) => {
        const token = new URLSearchParams(await request.clone().text()).get('subject_token') ?? ''
        return send(await withForm(request, { subject_token: `${token.slice(0, -4)}AAAA` }))
      },
    },
    expected: 'a token that this server issued',
    received: 'a token whose signature does not fit',
    rule: 'RFC 8693, section 2.2.2',
    withoutCheck: 'Anyone could write a token with any user, and exchange it for a real one.',
  },
  {
    id: 'refresh-replay',
    label: 'Stolen refresh token',
    about: 'Someone who has stolen the refresh token uses it, and its successor, a moment before the app.',
    alteration: {
      role: 'refresh-request',
      note: 'The same request, and one with the next refresh token, were sent before. This is the response to the last one.',
      respond: sendAfterThief,
    },
    expected: 'a refresh token that was not used before',
    received: 'a refresh token whose successor is in use already',
    rule: 'RFC 9700, section 4.14.2',
    withoutCheck: 'A stolen refresh token would work beside that of the user until the session ends, and nothing would show it.',
  },
  {
    id: 'device-expired',
    label: 'Code that expires',
    about: 'The code is valid for four seconds. Do nothing, and watch the device stop.',
    alteration: {
      role: 'device-authorization',
      note: 'The lifetime of the code was replaced by four seconds.',
      respond: rewriting((body) => ({ ...body, expires_in: 4, interval: 1 })),
    },
    expected: 'your decision before the code expires',
    received: 'no decision within four seconds',
    rule: 'RFC 8628, section 3.5',
    withoutCheck: 'The device would poll without end, and a code that someone noted down could be used days later.',
  },
  {
    id: 'introspection-down',
    label: 'Introspection endpoint unavailable',
    about: 'Status 503 with a Retry-After header. An API must then refuse the request.',
    alteration: {
      role: 'introspection',
      note: 'The server did not receive the request.',
      respond: responding(() => new Response('down for maintenance', { status: 503, headers: { 'retry-after': '120' } })),
    },
    expected: 'status 200, with “active”',
    received: 'status 503, with “Retry-After: 120”',
    rule: 'RFC 7662, section 2.3',
    withoutCheck: 'An API that accepts a token although it has no response would accept revoked tokens during an outage.',
  },
] as const satisfies readonly Fault[]

/** The server repeats a refresh whose response may have been lost, so the thief must have gone one step further. */
async function sendAfterThief(request: Request, send: (request: Request) => Promise<Response>): Promise<Response> {
  const stolen = (await (await send(request.clone())).json()) as { readonly refresh_token?: string }
  await send(await withForm(request, { refresh_token: stolen.refresh_token ?? '' }))
  return send(request)
}
