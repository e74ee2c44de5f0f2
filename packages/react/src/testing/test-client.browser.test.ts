import { createOAuthClient, type ClientEvents, type OAuthClient } from '@latchkey/core'
import { expect, it } from 'vitest'
import { createTestServer } from '../fixtures/authorization-server.fixture.js'
import { createTestClient } from '../testing.js'

/** Records all events and states from the sign-in to the sign-out. */
async function recordSession(client: OAuthClient, changeUser: () => void): Promise<readonly string[]> {
  const log: string[] = []
  const listen = <Name extends keyof ClientEvents>(name: Name, describeEvent: (event: ClientEvents[Name]) => unknown): void => {
    client.on(name, (event) => log.push(`${name}: ${String(describeEvent(event))}`))
  }
  listen('signed-in', ({ returnTo }) => returnTo)
  listen('signed-out', ({ reason }) => reason)
  listen('user-changed', ({ formerSubject, subject }) => `${formerSubject} ${subject}`)
  listen('token-set', ({ reason }) => reason)
  listen('error', ({ error }) => error.code)
  client.subscribe(() => log.push([client.getSnapshot().status, client.getSnapshot().activity].join(' ')))
  await client.start()
  await client.login({ returnTo: '/orders' })
  await client.refresh()
  changeUser()
  await client.login({ returnTo: '/' })
  await client.logout({ local: true, revoke: false })
  await client.getAccessToken().catch((error: Error) => log.push(error.name))
  return log.filter((line, index) => line !== log[index - 1])
}

it('emits the same events and states as a real client', async () => {
  const server = createTestServer()
  const real = await recordSession(createOAuthClient(server.options), () => (server.user = 'bob'))
  let sub = 'alice'
  const test = createTestClient({ login: () => ({ sub }) })
  // A real client starts with `restoring`, a test client with the session that it was given.
  test.setSession({ status: 'restoring' })
  test.start = async () => test.setSession({ status: 'signed-out' })
  expect(await recordSession(test, () => (sub = 'bob'))).toEqual(real)
})

it.each(['https://evil.example/x', '//evil.example', '/a/..//evil.example', '/%2fevil.example', '/\\evil.example', 'orders', ''])(
  'refuses returnTo %j as the real client does',
  async (returnTo) => {
    const client = createTestClient()
    await expect(client.login({ returnTo })).rejects.toMatchObject({ code: 'invalid_return_to' })
    expect(client.getSnapshot()).toMatchObject({ status: 'signed-out', error: { code: 'invalid_return_to' } })
  },
)
