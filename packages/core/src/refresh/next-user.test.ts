import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { OAuthClient } from '../client/client.js'
import { settled } from '../platform/settled.fixture.js'
import { fakeLocks } from '../storage/fake-locks.fixture.js'
import { openSharedTabs } from '../storage/shared-storage.fixture.js'

const codeOf = (call: Promise<unknown>): Promise<unknown> => call.then(String, ({ code }: { readonly code?: string }) => code)

interface Bench {
  /** Of the former user until it reads the storage again. */
  readonly tab: OAuthClient
  /** Signs the next user in, in another tab. */
  readonly signInNext: () => Promise<void>
  /** Keeps the lock until the result is called. */
  readonly holdLock: () => () => void
  /** The refresh tokens that were sent. */
  readonly sent: string[]
}

/** @param isOpenId whether the server issues ID tokens */
async function twoTabs(isOpenId: boolean): Promise<Bench> {
  const tabs = await openSharedTabs()
  onTestFinished(() => tabs.close())
  const { server } = tabs
  const sent: string[] = []
  const locks = fakeLocks()
  // Messages are late: the tab notices the change when it reads the storage.
  const options = {
    scope: isOpenId ? 'openid profile' : 'profile',
    resources: ['https://api.example/', { url: 'https://narrow.example/', scope: 'read' }],
    environment: { locks, openChannel: undefined },
  } as const
  const respond = async (request: Request): Promise<undefined> => {
    const body = new URLSearchParams(request.method === 'POST' ? await request.clone().text() : '')
    const refreshToken = body.get('refresh_token')
    if (refreshToken) sent.push(refreshToken)
    return undefined
  }
  const signIn = async (client: OAuthClient, user: number): Promise<void> => {
    const idToken = isOpenId ? {} : { id_token: undefined }
    const token = { access_token: `at-${user}`, refresh_token: `rt-${user}`, ...idToken }
    server.faults = { claims: { sub: `user-${user}`, at_hash: undefined }, token, respond }
    await client.login()
  }
  const tab = await tabs.open(options)
  await signIn(tab, 1)
  const other = await tabs.open(options)
  return {
    tab,
    sent,
    async signInNext() {
      tabs.advance(1000)
      await signIn(other, 2)
    },
    holdLock() {
      let release = (): void => undefined
      void locks.request(
        `${tabs.sessionKey.replace(/session$/, '')}refresh`,
        () => new Promise<void>((resolve) => (release = resolve)),
      )
      return () => release()
    },
  }
}

const CALLS: ReadonlyArray<readonly [string, (client: OAuthClient) => Promise<unknown>]> = [
  ['getAccessToken({ scope })', (client) => client.getAccessToken({ scope: 'read' })],
  ['getAccessToken({ resource })', (client) => client.getAccessToken({ resource: 'urn:api' })],
  ['refresh({ scope })', (client) => client.refresh({ scope: 'profile' })],
  ['refresh({ refreshToken })', (client) => client.refresh({ refreshToken: 'from-elsewhere' })],
  ['fetch() of a resource with its own scope', (client) => client.fetch('https://narrow.example/')],
]

describe.each([
  ['with an ID token', true],
  ['without an ID token', false],
])('a call of the former user that waits for the lock of another tab, in a session %s', (_name, isOpenId) => {
  it.each(CALLS)('sends no token when the next user has signed in there: %s', async (_call, call) => {
    const { tab, signInNext, holdLock, sent } = await twoTabs(isOpenId)
    const failures = vi.fn()
    tab.on('refresh-failed', failures)
    const release = holdLock()
    await settled()
    const former = codeOf(call(tab))
    await settled()
    await signInNext()
    release()
    expect(await former).toBe('missing_token')
    expect(sent).toEqual([])
    // It is no failure of the next user's session.
    expect(tab.getSnapshot()).toMatchObject({ status: 'signed-in', error: undefined, activity: 'idle' })
    expect(failures).not.toHaveBeenCalled()
  })

  it('gets no token of the next user: getAccessToken({ forceRefresh })', async () => {
    const { tab, signInNext, holdLock } = await twoTabs(isOpenId)
    const release = holdLock()
    await settled()
    const former = codeOf(tab.getAccessToken({ forceRefresh: true }))
    await settled()
    await signInNext()
    release()
    expect(await former).toBe('missing_token')
  })

  it('does not keep the next user’s calls of this tab from their token', async () => {
    const { tab, signInNext, holdLock, sent } = await twoTabs(isOpenId)
    const release = holdLock()
    await settled()
    const former = codeOf(tab.getAccessToken({ scope: 'read' }))
    await settled()
    await signInNext()
    // Reads the storage, as a page does that comes out of the back/forward cache.
    await tab.start()
    await expect.poll(() => tab.getTokenSet()?.accessToken).toBe('at-2')
    const next = tab.getAccessToken({ scope: 'read' })
    await settled()
    release()
    expect(await former).toBe('missing_token')
    expect(await next).toBe('at-2')
    expect(sent).toEqual(['rt-2'])
  })
})
