import { createOAuthClient, indexedDb, type OAuthClient } from '@latchkey/core'
import type { Recorder } from './recorder.js'

/** A change to a session that is hard to bring about by hand, to see how the app handles it. */
export interface DevtoolsAction {
  readonly label: string
  readonly explanation: string
  /** @returns why the action is not available; undefined if it is */
  readonly obstacle: (client: OAuthClient<unknown>, recorder: Recorder | undefined) => string | undefined
  /** @returns what happened, as a sentence for the user */
  readonly run: (client: OAuthClient<unknown>, recorder: Recorder | undefined) => Promise<string>
}

/** In the order of the buttons. */
export const DEVTOOLS_ACTIONS: readonly DevtoolsAction[] = [
  {
    label: 'Expire now',
    explanation: 'Advances the client’s clock past the expiry of the access token. The next use refreshes it.',
    obstacle: (client, recorder) => {
      if (!recorder) return 'it needs withDevtools()'
      return client.getTokenSet()?.expiresAt === undefined ? 'there is no token that expires' : undefined
    },
    run: async (client, recorder) => {
      const now = client.options.now?.() ?? Date.now()
      const expiresAt = (client.getTokenSet()?.expiresAt ?? 0) * 1000
      if (recorder) recorder.aheadMs += Math.max(0, expiresAt - now + 1000)
      return 'The access token has expired.'
    },
  },
  {
    label: 'Refresh now',
    explanation: 'Requests a new access token although the current one is valid.',
    obstacle: needsSession,
    run: async (client) => {
      await client.refresh()
      return 'Tokens refreshed.'
    },
  },
  {
    label: 'Revoke',
    explanation: 'Revokes the tokens at the server. This page notices at the next request.',
    obstacle: needsSession,
    run: async (client) => {
      await client.revoke()
      return 'Tokens revoked at the server.'
    },
  },
  {
    label: 'Drop storage',
    explanation:
      'Deletes the stored session, as a browser does when it runs out of space. The session lasts until the next refresh or reload, as for a user who has signed out elsewhere.',
    obstacle: () => undefined,
    run: async (client) => {
      const storage = client.options.storage ?? indexedDb()
      const keys = await storage.keys('latchkey/')
      await Promise.all(keys.map((key) => storage.update(key, () => undefined)))
      return `${keys.length} records deleted.`
    },
  },
  {
    label: 'Sign out elsewhere',
    explanation: 'Signs out as another tab would.',
    obstacle: needsSession,
    run: async (client) => {
      // A second client with the same options acts like another tab: it shares the storage and the message channel.
      const otherTab = createOAuthClient(client.options)
      await otherTab.start()
      await otherTab.logout({ local: true, revoke: false })
      await otherTab.close()
      return 'Another tab signed out.'
    },
  },
]

function needsSession(client: OAuthClient<unknown>): string | undefined {
  return client.getSnapshot().status === 'signed-in' ? undefined : 'no user is signed in'
}
