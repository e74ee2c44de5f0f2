// cspell:ignore scoep signedin clams signig
import { ConfigurationError, EnvironmentError } from '@latchkey/core'
import { expect, it } from 'vitest'
import { createTestClient, type TestSession } from '../testing.js'

const boom = (): never => {
  throw new TypeError('boom')
}

it.each([
  ['a plain Error', () => new Error('x'), 'unexpected'],
  ['a promise of a plain Error', async () => new Error('x'), 'unexpected'],
  ['a string', () => 'alice', 'configuration'],
  ['a promise of a string', async () => 'alice', 'configuration'],
  ['a number', () => 5, 'configuration'],
  ['a list', () => [{ sub: 'alice' }], 'configuration'],
])('a sign-in whose `login` returns %s fails', async (_what, login, code) => {
  const client = createTestClient({ login: login as never })
  const error: unknown = await client.login().catch((cause: unknown) => cause)
  expect(error).toMatchObject({ code })
  expect(client.getSnapshot()).toMatchObject({ status: 'signed-out', activity: 'idle', error })
})

it.each([
  ['throws', boom],
  ['rejects', async () => boom()],
])('a sign-out whose `logout` %s ends the session, and shows the error', async (_what, logout) => {
  const client = createTestClient({ session: 'signed-in', logout: logout as () => void })
  const errors: unknown[] = []
  client.on('error', ({ error }) => errors.push(error))
  expect(await client.logout()).toEqual({ local: true, provider: false })
  expect(client.getSnapshot()).toMatchObject({ status: 'signed-out', activity: 'idle', error: { code: 'unexpected' } })
  expect(errors).toEqual([client.getSnapshot().error])
})

it.each([
  ['throws', boom],
  ['rejects', async () => boom()],
])('a `userInfo` that %s rejects with a typed error', async (_what, userInfo) => {
  await expect(createTestClient({ session: 'signed-in', userInfo }).userInfo()).rejects.toBeInstanceOf(EnvironmentError)
})

it.each<readonly [session: unknown, message: string]>([
  ['signedin', 'Did you mean "signed-in"?'],
  ['sign-out', 'Did you mean "signed-out"?'],
  [{ status: 'signed-in' }, 'no claims'],
  [{ status: 'signed-out', claims: { sub: 'a' } }, '"status"'],
  [{ claims: { sub: 'a' }, clams: 1 }, 'Did you mean "claims"?'],
  [{ claims: 'alice' }, '"claims" must be object'],
  [{ status: 'signed-out', activity: 'foo' }, '"activity"'],
  [{ status: 'signed-out', activity: 'signig-in' }, 'Did you mean "signing-in"?'],
  [5, 'expected an object'],
])('refuses the session %j', (session, message) => {
  expect(() => createTestClient({ session: session as TestSession })).toThrow(ConfigurationError)
  expect(() => createTestClient({ session: session as TestSession })).toThrow(message)
  expect(() => createTestClient().setSession(session as TestSession)).toThrow(ConfigurationError)
})

it('checks arguments as the real client does', async () => {
  const client = createTestClient({ session: 'signed-in' })
  expect(() => client.on('signedin' as never, () => undefined)).toThrow('Did you mean "signed-in"?')
  await expect(client.login({ scoep: 'a' } as never)).rejects.toMatchObject({ hint: 'Did you mean "scope"?' })
  await expect(client.getAccessToken({ scope: 5 } as never)).rejects.toBeInstanceOf(ConfigurationError)
  expect(client.getSnapshot()).toMatchObject({ status: 'signed-in', error: { code: 'configuration' } })
})

it.each(['/%09/evil', '/..%2f/evil', '/a/..%2f%2fe', 'https://evil.example/', '//evil.example'])(
  'a sign-in that would return to %s fails, as in the real client',
  async (returnTo) => {
    await expect(createTestClient().login({ returnTo })).rejects.toMatchObject({
      code: 'invalid_return_to',
      hint: expect.stringContaining('location.pathname') as string,
    })
  },
)

it.each(['signed-out', 'restoring'] as const)('treats undefined claims as absent: %s', (status) => {
  const session = { status, claims: undefined }
  expect(createTestClient({ session }).getSnapshot()).toMatchObject({ status })
})

it.each([
  ['null', () => null],
  ['a promise of null', async () => null],
  ['undefined', () => undefined],
  ['a promise of undefined', async () => undefined],
])('a sign-in whose `login` returns %s signs the default user in', async (_what, login) => {
  const client = createTestClient({ login: login as never })
  await client.login()
  expect(client.getSnapshot()).toMatchObject({ status: 'signed-in', claims: { sub: 'test-user' } })
})
