import { createOAuthClient, indexedDb, type OAuthClient } from '@latchkey/core'
import type { Recorder } from './recorder.js'

/** Something to do to a session, to see how the app takes it. */
export interface DevtoolsAction {
  readonly label: string
  readonly explanation: string
  /** @returns why it cannot be done now */
  readonly obstacle: (client: OAuthClient<unknown>, recorder: Recorder | undefined) => string | undefined
  /** @returns what has happened */
  readonly run: (client: OAuthClient<unknown>, recorder: Recorder | undefined) => Promise<string>
}

export const DEVTOOLS_ACTIONS: readonly DevtoolsAction[] = [
  {
    label: 'Expire now',
    explanation: 'The access token counts as expired: the next use refreshes it.',
    obstacle: (client, recorder) => {
      if (!recorder) return 'needs withDevtools()'
      return client.getTokenSet()?.expiresAt === undefined ? 'no token that expires' : undefined
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
    explanation: 'Asks for a new access token though the present one is good.',
    obstacle: needsSession,
    run: async (client) => {
      await client.refresh()
      return 'The token set is new.'
    },
  },
  {
    label: 'Revoke',
    explanation: 'The server forgets the tokens; this page does not know yet.',
    obstacle: needsSession,
    run: async (client) => {
      await client.revoke()
      return 'The server has revoked the tokens.'
    },
  },
  {
    label: 'Drop storage',
    explanation: 'What a browser does when it runs out of space: the session lives on until the reload.',
    obstacle: () => undefined,
    run: async (client) => {
      const storage = client.options.storage ?? indexedDb()
      const keys = await storage.keys('latchkey/')
      await Promise.all(keys.map((key) => storage.update(key, () => undefined)))
      return `${keys.length} records are gone.`
    },
  },
  {
    label: 'Sign out elsewhere',
    explanation: 'Signs out as another tab would.',
    obstacle: needsSession,
    run: async (client) => {
      // A client of the same name is what another tab has: it shares the storage and is heard on the channel.
      const otherTab = createOAuthClient(client.options)
      await otherTab.start()
      await otherTab.logout({ local: true, revoke: false })
      await otherTab.close()
      return 'Another tab has signed out.'
    },
  },
]

function needsSession(client: OAuthClient<unknown>): string | undefined {
  return client.getSnapshot().status === 'signed-in' ? undefined : 'nobody is signed in'
}
