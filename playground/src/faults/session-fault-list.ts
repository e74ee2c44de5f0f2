import { indexedDb, type OAuthClient } from '@latchkey/core'
import type { Explanation } from './explanation.js'
import { expireAccessToken } from '../session/session-clock.js'

/** Something that happens to the app's own session, at the click of a button. */
export interface SessionFault extends Explanation {
  readonly id: SessionFaultId
  readonly label: string
  /** What the button does, and what to expect. */
  readonly about: string
  /** False if it works without a session. */
  readonly needsSession: boolean
  /** @returns what has happened, as a sentence */
  readonly run: (client: OAuthClient) => Promise<string>
}

export type SessionFaultId = 'expire' | 'revoke' | 'delete-storage' | 'replay-callback'

/** All faults of the app's own session. */
export const sessionFaults: readonly SessionFault[] = [
  {
    id: 'expire',
    label: 'Expire the access token now',
    about: 'Advances the client’s clock. The next request refreshes the token first.',
    needsSession: true,
    run: async (client) => {
      expireAccessToken(client)
      return 'The access token has expired. Send a request: the network log shows one refresh before it.'
    },
    expected: 'an access token that is valid for the next minute',
    received: 'one that has expired, by the clock of the client',
    rule: 'RFC 6749, section 6',
    withoutCheck: 'The API would reject the request, and each component of the app would have to know what to do.',
  },
  {
    id: 'revoke',
    label: 'Revoke at the server',
    about:
      'As if the user or an administrator had ended the session elsewhere. The refresh after that fails with invalid_grant, so the session ends here too.',
    needsSession: true,
    run: async (client) => {
      await client.revoke()
      await client.refresh()
      return 'The server still accepts the refresh token.'
    },
    expected: 'new tokens for the refresh token',
    received: 'the refusal “invalid_grant”',
    rule: 'RFC 6749, section 5.2',
    withoutCheck: 'The app would show the user as signed in, and every request would fail.',
  },
  {
    id: 'delete-storage',
    label: 'Delete the stored session',
    about: 'As a browser does when space runs out. This tab keeps its session until the next refresh or reload.',
    needsSession: true,
    run: async () => {
      const storage = indexedDb()
      const keys = await storage.keys('latchkey/')
      await Promise.all(keys.map((key) => storage.update(key, () => undefined)))
      return 'The records are deleted. Reload the page: you are signed out, and no error is shown.'
    },
    expected: 'the session in this browser’s database',
    received: 'no record of it',
    rule: 'RFC 9700, section 4.14.2',
    withoutCheck: 'A tab could send a refresh token that another tab has used already, and the server would end the session.',
  },
  {
    id: 'replay-callback',
    label: 'Replay a callback',
    about: 'Handles a callback URL whose state belongs to no sign-in of this browser, as after a replay or from an attacker.',
    needsSession: false,
    run: async (client) => {
      const query = new URLSearchParams({ code: 'stolen-code', state: 'used-before', iss: client.options.issuer ?? '' })
      await client.handleCallback(`${client.options.redirectUri}?${query}`)
      return 'The callback was ignored. No request was sent, and your session has not changed.'
    },
    expected: 'the “state” of a sign-in that this browser has started',
    received: 'used-before',
    rule: 'RFC 6749, section 10.12',
    withoutCheck: 'An attacker could send you a link that signs you in to the attacker’s account, and read what you enter there.',
  },
]
