import { createOAuthClient, indexedDb, type OAuthClient, type UserClaims } from '@latchkey/core'
import { replaceUser } from '@latchkey/core/internals'
import { withoutNotice } from './devtools-hook.js'
import type { Recorder } from './recorder.js'

/** A change to a session that is hard to bring about by hand, to see how the app handles it. */
export interface DevtoolsAction {
  readonly label: string
  readonly explanation: string
  /** Default: true. False for what an app does, too. */
  readonly isSimulation?: boolean
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
    isSimulation: false,
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
      await inAnotherTab(client, (otherTab) => otherTab.logout({ local: true, revoke: false }))
      return 'Another tab signed out.'
    },
  },
  {
    label: 'Another user',
    explanation:
      'Shows another user with the same tokens, as when someone else signs in in another tab. Data of the former user must disappear. Sign in again to end it.',
    obstacle: needsSession,
    run: async (client) => {
      await inAnotherTab(client, (otherTab) => replaceUser(otherTab, otherUser(client.getTokenSet()?.claims)))
      return 'Another user is signed in.'
    },
  },
]

/** A second client with the same options acts like another tab: it shares the storage and the message channel. */
async function inAnotherTab(
  client: OAuthClient<unknown>,
  run: (otherTab: OAuthClient<unknown>) => Promise<unknown>,
): Promise<void> {
  const otherTab = withoutNotice(() => createOAuthClient({ ...client.options, onTokenSet: undefined }))
  try {
    await otherTab.start()
    await run(otherTab)
  } finally {
    await otherTab.close()
  }
}

function otherUser(claims: UserClaims = {}): UserClaims {
  const { sub, name, email } = SIMULATED_USER
  return {
    ...claims,
    sub,
    ...(claims.name !== undefined && { name, preferred_username: sub }),
    ...(claims.email !== undefined && { email }),
  }
}

const SIMULATED_USER = { sub: 'another-user', name: 'Another User', email: 'another-user@example.com' } as const

function needsSession(client: OAuthClient<unknown>): string | undefined {
  return client.getSnapshot().status === 'signed-in' ? undefined : 'no user is signed in'
}
