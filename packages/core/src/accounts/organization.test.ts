import { describe, expect, it } from 'vitest'
import { createOAuthClient } from '../client/create-client.js'
import { failure } from '../protocol/sign-in.fixture.js'
import { createAccountsBench, shown } from './accounts.fixture.js'
import { withOrganization } from './organization.js'

describe('add({ organization })', () => {
  it.each([
    ['org_acme', { org_id: 'org_acme' }],
    ['acme', { org_id: 'acme' }],
    ['Acme', { org_id: 'org_1', org_name: 'acme' }],
    ['acme', { org_name: 'ACME' }],
  ])('signs in to %s with %j', async (organization, claims) => {
    const { open, user, requests } = await createAccountsBench()
    const accounts = await open()
    user('ada', claims)
    expect((await accounts.add({ organization }))?.claims).toMatchObject(claims)
    expect(requests[0]?.searchParams.get('organization')).toBe(organization)
  })

  it.each([
    ['org_acme', {}],
    ['org_acme', { org_id: 'org_evil' }],
    ['org_acme', { org_id: 'org_ACME' }],
    ['org_acme', { org_name: 'org_acme' }],
    ['org_acme', { org_id: 'org_evil', org_name: 'org_acme' }],
    ['org_acme', { org_id: ['org_acme', 'org_evil'] }],
    ['acme', { org_name: 'acme2' }],
    ['acme', { org_id: 7 }],
  ])('refuses the tokens for %s if the ID token has %j', async (organization, claims) => {
    const { open, user, storage } = await createAccountsBench()
    const accounts = await open()
    user('ada', claims)
    expect(await failure(accounts.add({ organization }))).toMatchObject({
      code: 'organization_mismatch',
      name: 'ValidationError',
    })
    expect(shown(accounts)).toBe('[]')
    expect([...storage.values.keys()].filter((key) => key.endsWith('/session'))).toEqual([])
  })

  it('uses the parameter and the claim of the options, and compares the claim exactly', async () => {
    const { open, user, requests } = await createAccountsBench({ organizationParameter: 'tenant', organizationClaim: 'tid' })
    const accounts = await open()
    user('ada', { tid: 'Contoso', org_id: 'org_other' })
    expect(await failure(accounts.add({ organization: 'contoso' }))).toMatchObject({ code: 'organization_mismatch' })
    expect(await accounts.add({ organization: 'Contoso', params: { ui: 'small' } })).toMatchObject({ organization: 'Contoso' })
    expect(Object.fromEntries(requests[1]?.searchParams ?? [])).toMatchObject({ tenant: 'Contoso', ui: 'small' })
  })

  it.each(['', ' ', 7])('refuses %j as an organization', async (organization) => {
    const { open, requests } = await createAccountsBench()
    expect(await failure((await open()).add({ organization: organization as string }))).toMatchObject({ code: 'configuration' })
    expect(requests).toEqual([])
  })

  it('makes one account of each organization of a user', async () => {
    const { open, user } = await createAccountsBench()
    const accounts = await open()
    for (const name of ['org_a', 'org_b', 'org_A', 'org_a']) {
      user('ada', { org_id: name })
      await accounts.add({ organization: name })
    }
    user('ada')
    await accounts.add()
    expect(accounts.getSnapshot().accounts.map(({ organization }) => organization)).toEqual([
      'org_a',
      'org_b',
      'org_A',
      undefined,
    ])
    expect(new Set(accounts.getSnapshot().accounts.map(({ id }) => id)).size).toBe(4)
  })
})

describe('a refresh of an account in an organization', () => {
  it.each([{ org_id: 'org_evil' }, { org_id: undefined }, { org_id: 'org_acme', sub: 'bob' }])(
    'refuses an ID token with %j',
    async (claims) => {
      const { open, user, advance } = await createAccountsBench()
      const accounts = await open()
      user('ada', { org_id: 'org_acme' })
      const account = await accounts.add({ organization: 'org_acme' })
      advance(290_000)
      user('ada', { nonce: undefined, ...claims })
      const code = claims.sub ? 'invalid_id_token' : 'organization_mismatch'
      expect(await failure(account?.client.getAccessToken() ?? Promise.resolve())).toMatchObject({ code })
      expect(account?.client.getTokenSet()?.claims?.['org_id']).toBe('org_acme')
    },
  )

  it('accepts the same one', async () => {
    const { open, user, advance } = await createAccountsBench()
    const accounts = await open()
    user('ada', { org_id: 'org_acme' })
    const account = await accounts.add({ organization: 'org_acme' })
    advance(290_000)
    user('ada', { nonce: undefined, org_id: 'org_acme' })
    expect(await account?.client.getAccessToken()).toBe('at-ada')
  })
})

describe('withOrganization()', () => {
  it('names the organization in each request, and refuses tokens for another one', async () => {
    const { options, user, requests } = await createAccountsBench()
    const reasons: string[] = []
    const onTokenSet = (_tokenSet: unknown, reason: string): void => void reasons.push(reason)
    const client = createOAuthClient(withOrganization({ ...options, params: { ui: 'small' }, onTokenSet }, 'org_acme'))
    user('ada', { org_id: 'org_evil' })
    expect(await failure(client.login())).toMatchObject({ code: 'organization_mismatch' })
    user('ada', { org_id: 'org_acme' })
    await client.login()
    expect(reasons).toEqual(['login'])
    expect(Object.fromEntries(requests[1]?.searchParams ?? [])).toMatchObject({ organization: 'org_acme', ui: 'small' })
    user('ada', { nonce: undefined, org_id: 'org_evil' })
    expect(await failure(client.refresh())).toMatchObject({ code: 'organization_mismatch' })
    await client.close()
  })

  it('refuses an empty organization, which no request would name', async () => {
    const { options } = await createAccountsBench()
    expect(() => withOrganization(options, '')).toThrow(expect.objectContaining({ code: 'configuration' }) as Error)
  })
})
