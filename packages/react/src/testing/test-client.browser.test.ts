import { createOAuthClient, type ClientEvents, type OAuthClient } from '@latchkey/core'
import { expect, it } from 'vitest'
import { createTestServer } from '../fixtures/authorization-server.fixture.js'
import { createTestClient } from '../testing.js'

/** What listeners are told, and what `useOAuth` would show, from the sign-in to the sign-out. */
async function story(client: OAuthClient, changeUser: () => void): Promise<readonly string[]> {
  const told: string[] = []
  const listen = <Name extends keyof ClientEvents>(name: Name, tell: (event: ClientEvents[Name]) => unknown): void => {
    client.on(name, (event) => told.push(`${name}: ${String(tell(event))}`))
  }
  listen('signed-in', ({ returnTo }) => returnTo)
  listen('signed-out', ({ reason }) => reason)
  listen('user-changed', ({ formerSubject, subject }) => `${formerSubject} ${subject}`)
  listen('token-set', ({ reason }) => reason)
  listen('error', ({ error }) => error.code)
  client.subscribe(() => told.push([client.getSnapshot().status, client.getSnapshot().activity].join(' ')))
  await client.start()
  await client.login({ returnTo: '/orders' })
  await client.refresh()
  changeUser()
  await client.login({ returnTo: '/' })
  await client.logout({ local: true, revoke: false })
  await client.getAccessToken().catch((error: Error) => told.push(error.name))
  return told.filter((line, index) => line !== told[index - 1])
}

it('tells the same story as a real client', async () => {
  const server = createTestServer()
  const real = await story(createOAuthClient(server.options), () => (server.person = 'bob'))
  let person = 'alice'
  const test = createTestClient({ login: () => ({ sub: person }) })
  // The real one restores first; a test client is where the test wants it.
  test.setSession({ status: 'restoring' })
  test.start = async () => test.setSession({ status: 'signed-out' })
  expect(await story(test, () => (person = 'bob'))).toEqual(real)
})
