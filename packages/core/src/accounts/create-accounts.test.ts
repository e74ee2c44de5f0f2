import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { createOAuthClient } from '../client/create-client.js'
import { countOf } from '../client/client.fixture.js'
import { failure } from '../protocol/sign-in.fixture.js'
import { FakePage } from '../sign-in/fake-page.fixture.js'
import { settled } from '../platform/settled.fixture.js'
import { createAccountsBench, shown } from './accounts.fixture.js'
import { createAccounts } from './create-accounts.js'

describe('add()', () => {
  it('keeps the session and the tokens of every other account', async () => {
    const { open, add } = await createAccountsBench()
    const accounts = await open()
    const ada = await add(accounts, 'ada')
    const bob = await add(accounts, 'bob')
    expect(shown(accounts)).toBe('[bob] ada bob')
    expect(await ada.client.getAccessToken()).toBe('at-ada')
    expect(await bob.client.getAccessToken()).toBe('at-bob')
    expect(accounts.getSnapshot().client).toBe(bob.client)
  })

  it('updates an account that is there already', async () => {
    const { open, add, server } = await createAccountsBench()
    const accounts = await open()
    const first = await add(accounts, 'ada')
    await add(accounts, 'bob')
    const again = await add(accounts, 'ada')
    expect(shown(accounts)).toBe('[ada] ada bob')
    expect(again.id).toBe(first.id)
    expect(again.client).not.toBe(first.client)
    expect(first.client.getSnapshot().status).toBe('signed-out')
    expect(countOf(server, 'POST /revoke')).toBe(0)
  })

  it.each([
    [undefined, 'select_account'],
    [['none', 'login', 'select_account'], 'select_account'],
    [['none', 'login'], 'login'],
    [['none'], null],
  ])('asks for the account selection where the server lists it: %j', async (supported, prompt) => {
    const { open, add, server, requests } = await createAccountsBench()
    server.faults = { metadata: { prompt_values_supported: supported } }
    const accounts = await open()
    await add(accounts, 'ada')
    expect(requests[0]?.searchParams.get('prompt')).toBe(prompt)
  })

  it('leaves a prompt that the app chooses', async () => {
    const { open, add, requests } = await createAccountsBench()
    await add(await open(), 'ada', { prompt: 'consent', loginHint: 'ada@example.com' })
    expect(Object.fromEntries(requests[0]?.searchParams ?? [])).toMatchObject({
      prompt: 'consent',
      login_hint: 'ada@example.com',
    })
  })

  it('adds the user who has signed in, whomever the hint named', async () => {
    const { open, add } = await createAccountsBench()
    const accounts = await open()
    await add(accounts, 'ada')
    const added = await add(accounts, 'bob', { loginHint: 'carol' })
    expect(added.claims.sub).toBe('bob')
    expect(shown(accounts)).toBe('[bob] ada bob')
  })

  it('refuses more accounts than allowed, before a request and before tokens are stored', async () => {
    const { open, add, requests, user } = await createAccountsBench({ maxAccounts: 2 })
    const accounts = await open()
    await add(accounts, 'ada')
    await add(accounts, 'bob')
    expect(await failure(accounts.add())).toMatchObject({ code: 'account_limit', name: 'InteractionError' })
    expect(requests).toHaveLength(2)
    expect(accounts.getSnapshot().error).toMatchObject({ code: 'account_limit' })
    accounts.switchTo(accounts.getSnapshot().accounts[0] ?? '')
    expect(accounts.getSnapshot().error).toBeUndefined()
    user('carol')
    expect(await failure(accounts.getSnapshot().client.login())).toMatchObject({ code: 'account_mismatch' })
    expect(shown(accounts)).toBe('[ada] ada bob')
  })

  it('keeps the others, and its place free, if the sign-in fails', async () => {
    const { open, add, server } = await createAccountsBench({ maxAccounts: 2 })
    const accounts = await open()
    const ada = await add(accounts, 'ada')
    for (let attempt = 0; attempt < 3; attempt += 1) {
      server.faults = {
        respond: ({ url }) => (url.endsWith('/token') ? Response.json({ error: 'invalid_grant' }, { status: 400 }) : undefined),
      }
      expect(await failure(accounts.add())).toMatchObject({ code: 'invalid_grant' })
      expect(accounts.getSnapshot()).toMatchObject({ active: ada, error: { code: 'invalid_grant' } })
    }
    server.faults = {}
    await add(accounts, 'bob')
    expect(accounts.getSnapshot().error).toBeUndefined()
    expect(shown(accounts)).toBe('[bob] ada bob')
  })

  it('refuses tokens that do not say whose they are', async () => {
    const { open, server } = await createAccountsBench({ scope: 'read' })
    const accounts = await open()
    server.faults = { token: { id_token: undefined } }
    expect(await failure(accounts.add())).toMatchObject({
      code: 'configuration',
      hint: expect.stringContaining('openid') as unknown,
    })
    expect(shown(accounts)).toBe('[]')
  })
})

describe('the client of an account', () => {
  it('refuses the tokens of another user, and keeps its own', async () => {
    const { open, add, user } = await createAccountsBench()
    const accounts = await open()
    const ada = await add(accounts, 'ada')
    user('mallory')
    expect(await failure(ada.client.login())).toMatchObject({ code: 'account_mismatch' })
    expect(await ada.client.getAccessToken()).toBe('at-ada')
    expect(shown(accounts)).toBe('[ada] ada')
  })

  it('names its user in a further sign-in', async () => {
    const { open, user, requests } = await createAccountsBench()
    const accounts = await open()
    user('ada', { email: 'ada@example.com' })
    const ada = await accounts.add()
    await ada?.client.login()
    await ada?.client.login({ prompt: 'select_account' })
    expect(requests.map(({ searchParams }) => searchParams.get('login_hint'))).toEqual([null, 'ada@example.com', null])
  })

  it('refreshes by itself, also if it is not the active one', async () => {
    const { open, add, server, user, advance } = await createAccountsBench()
    const accounts = await open()
    const ada = await add(accounts, 'ada')
    await add(accounts, 'bob')
    advance(290_000)
    user('ada', { nonce: undefined })
    await ada.client.getAccessToken()
    const sent = server.bodies
      .filter((body) => body.get('grant_type') === 'refresh_token')
      .map((body) => body.get('refresh_token'))
    expect(sent).toEqual(['rt-ada'])
    expect(shown(accounts)).toBe('[bob] ada bob')
  })

  it('has a DPoP key of its own', async () => {
    const { open, add, server, storage } = await createAccountsBench({ dpop: true })
    const accounts = await open()
    const proofs: string[] = []
    server.faults = { respond: (request) => (proofs.push(request.headers.get('dpop') ?? ''), undefined) }
    await add(accounts, 'ada')
    await add(accounts, 'bob')
    const keys = proofs
      .filter(Boolean)
      .map((proof) => JSON.stringify((JSON.parse(atob(proof.split('.')[0] ?? '')) as { jwk: unknown }).jwk))
    expect(new Set(keys).size).toBe(2)
    expect([...storage.values.keys()].filter((key) => key.includes('dpop'))).toHaveLength(2)
  })

  it('is not closed by a component that unmounts', async () => {
    const { open, add, server } = await createAccountsBench()
    const accounts = await open()
    const { client } = await add(accounts, 'ada')
    server.faults = { ...server.faults, respond: ({ url }) => (url.startsWith('https://api') ? new Response('ok') : undefined) }
    const response = client.fetch('https://api.example/orders')
    await client.close()
    expect(await (await response).text()).toBe('ok')
  })
})

describe('switchTo()', () => {
  it('changes the client at once, without a request', async () => {
    const { open, add, server } = await createAccountsBench()
    const accounts = await open()
    const ada = await add(accounts, 'ada')
    await add(accounts, 'bob')
    server.log.length = 0
    const states: string[] = []
    accounts.subscribe(() => states.push(shown(accounts)))
    expect(accounts.switchTo(ada.id)).toBe(accounts.getSnapshot().active)
    expect(accounts.getSnapshot().client).toBe(ada.client)
    expect(states).toEqual(['[ada] ada bob'])
    expect(server.log).toEqual([])
  })

  it('leaves a request in flight to the account that it began with', async () => {
    const { open, add, server } = await createAccountsBench()
    const accounts = await open()
    const ada = await add(accounts, 'ada')
    const bob = await add(accounts, 'bob')
    const respond = async ({ url, headers }: Request): Promise<Response | undefined> =>
      url.startsWith('https://api') ? new Response(headers.get('authorization')) : undefined
    server.faults = { ...server.faults, respond }
    const request = bob.client.fetch('https://api.example/orders')
    accounts.switchTo(ada)
    expect(await (await request).text()).toBe('Bearer at-bob')
    expect(await (await accounts.getSnapshot().client.fetch('https://api.example/orders')).text()).toBe('Bearer at-ada')
  })

  it('refuses an account that is not signed in', async () => {
    const { open, add } = await createAccountsBench()
    const accounts = await open()
    const ada = await add(accounts, 'ada')
    await accounts.signOut(ada, { local: true })
    for (const account of [ada, ada.id, 'unknown'])
      expect(() => accounts.switchTo(account)).toThrow(expect.objectContaining({ code: 'configuration' }) as Error)
  })
})

describe('signOut()', () => {
  it('revokes and removes one account, with its own ID token as the hint, and the next becomes active', async () => {
    const page = new FakePage('/start')
    const { open, add, server, storage } = await createAccountsBench()
    const accounts = await open({}, page)
    const ada = await add(accounts, 'ada')
    const bob = await add(accounts, 'bob')
    const carol = await add(accounts, 'carol')
    accounts.switchTo(bob)
    const hint = bob.client.getTokenSet()?.idToken
    const sessions = (): number => [...storage.values.keys()].filter((key) => key.endsWith('/session')).length
    expect(sessions()).toBe(3)
    expect(await accounts.signOut(bob)).toEqual({ local: true, provider: true })
    expect(new URL(page.assigned[0] ?? '').searchParams.get('id_token_hint')).toBe(hint)
    expect(server.bodies.filter((body) => body.has('token')).map((body) => body.get('token'))).toEqual(['rt-bob'])
    expect(shown(accounts)).toBe('[carol] ada carol')
    expect(sessions()).toBe(2)
    expect([await ada.client.getAccessToken(), await carol.client.getAccessToken()]).toEqual(['at-ada', 'at-carol'])
  })

  it('ends with no account, whose client signs in the next one', async () => {
    const { open, add, user } = await createAccountsBench()
    const accounts = await open()
    await add(accounts, 'ada')
    await accounts.signOut(undefined, { local: true })
    expect(accounts.getSnapshot()).toMatchObject({ accounts: [], active: undefined })
    expect(accounts.getSnapshot().client.getSnapshot().status).toBe('signed-out')
    user('bob')
    await accounts.getSnapshot().client.login()
    expect(shown(accounts)).toBe('[bob] bob')
  })

  it('leaves its client without a session, also after another one is added in this page', async () => {
    const { open, add } = await createAccountsBench()
    const accounts = await open()
    await add(accounts, 'ada')
    // Each sign-in would get the same place.
    const random = vi.spyOn(crypto, 'getRandomValues').mockImplementation((numbers) => numbers)
    onTestFinished(() => random.mockRestore())
    const bob = await add(accounts, 'bob')
    await accounts.signOut(bob, { local: true })
    const eve = await add(accounts, 'eve')
    expect(eve.client).not.toBe(bob.client)
    expect(bob.client.getTokenSet()).toBeUndefined()
    expect((await failure(bob.client.fetch('https://api.example/'))).code).toBe('missing_token')
  })

  it('is what logout() of the active client does', async () => {
    const { open, add } = await createAccountsBench()
    const accounts = await open()
    await add(accounts, 'ada')
    const bob = await add(accounts, 'bob')
    await bob.client.logout({ local: true })
    expect(shown(accounts)).toBe('[ada] ada')
  })

  it('signs out all, with one navigation after all revocations', async () => {
    const page = new FakePage('/start')
    const { open, add, server, storage } = await createAccountsBench()
    let release: (() => void) | undefined
    const fetch: typeof server.fetch = async (input, init) => {
      const url = input instanceof Request ? input.url : String(input)
      if (url.endsWith('/revoke') && !release) await new Promise<void>((resolve) => (release = resolve))
      return server.fetch(input, init)
    }
    const accounts = await open({ fetch }, page)
    await add(accounts, 'ada')
    await add(accounts, 'bob')
    const hint = accounts.getSnapshot().active?.client.getTokenSet()?.idToken
    const signingOut = accounts.signOutAll()
    await expect.poll(() => release).toBeDefined()
    await settled()
    expect(page.assigned).toEqual([])
    release?.()
    expect(await signingOut).toEqual({ local: true, provider: true })
    expect(page.assigned).toHaveLength(1)
    expect(new URL(page.assigned[0] ?? '').searchParams.get('id_token_hint')).toBe(hint)
    expect(server.bodies.filter((body) => body.has('token')).map((body) => body.get('token'))).toEqual(['rt-ada', 'rt-bob'])
    expect(shown(accounts)).toBe('[]')
    expect([...storage.values.keys()].filter((key) => key.endsWith('/session'))).toEqual([])
  })

  it('signs out no account if an option is wrong', async () => {
    const { open, add } = await createAccountsBench()
    const accounts = await open()
    await add(accounts, 'ada')
    await add(accounts, 'bob')
    const error = await failure(accounts.signOutAll({ transport: 'window' as never }))
    expect(error).toMatchObject({ code: 'configuration', message: expect.stringContaining('signOutAll()') })
    expect(accounts.getSnapshot().error).toBe(error)
    expect(shown(accounts)).toBe('[bob] ada bob')
  })

  it('stays with an account whose session the server has ended, instead of continuing as another user', async () => {
    const { open, add, server, advance } = await createAccountsBench()
    const accounts = await open()
    await add(accounts, 'ada')
    const bob = await add(accounts, 'bob')
    advance(290_000)
    server.faults = {
      respond: ({ url }) => (url.endsWith('/token') ? Response.json({ error: 'invalid_grant' }, { status: 400 }) : undefined),
    }
    expect(await failure(bob.client.getAccessToken())).toMatchObject({ code: 'token_invalid' })
    expect(accounts.getSnapshot()).toMatchObject({ active: undefined, client: bob.client })
    expect(shown(accounts)).toBe('[] ada')
    server.faults = {}
    await add(accounts, 'bob')
    expect(shown(accounts)).toBe('[bob] ada bob')
  })
})

describe('createAccounts()', () => {
  it('begins with the session that a client of the same options has stored', async () => {
    const { options, user, open, add } = await createAccountsBench()
    const client = createOAuthClient(options)
    user('ada')
    await client.login()
    await client.close()
    const accounts = await open()
    expect(shown(accounts)).toBe('[ada] ada')
    await add(accounts, 'bob')
    expect(shown(accounts)).toBe('[bob] ada bob')
  })

  it.each([0, 51, 1.5, NaN])('refuses %s accounts', async (maxAccounts) => {
    const { options } = await createAccountsBench()
    expect(() => createAccounts({ ...options, maxAccounts })).toThrow(expect.objectContaining({ code: 'configuration' }) as Error)
  })

  it('suggests the right name for an unknown option', async () => {
    const { options } = await createAccountsBench()
    expect(() => createAccounts({ ...options, maxAccount: 3 } as typeof options)).toThrow(/"maxAccounts"/)
  })
})
