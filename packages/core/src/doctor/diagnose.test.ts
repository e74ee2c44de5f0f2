import { describe, expect, it } from 'vitest'
import { createClientBench } from '../client/client.fixture.js'
import type { ClientOptions } from '../client/client-options.js'
import { createOAuthClient } from '../client/create-client.js'
import type { Faults } from '../protocol/test-server.fixture.js'
import { diagnose } from './diagnose.js'
import { brokenFetch, ISSUER, REDIRECT_URI } from './doctor.fixture.js'
import type { Diagnosis } from './examine.js'

/** Signs in with faults of the server, and examines the client. */
async function diagnoseAfterSignIn(faults: Faults, options: Partial<ClientOptions> = {}): Promise<Diagnosis> {
  const { client, server } = await createClientBench(options)
  server.faults = faults
  await client.login().catch(() => undefined)
  return diagnose(client)
}

const codesOf = ({ findings }: Diagnosis): readonly string[] => findings.map(({ code }) => code)

describe('diagnose(client)', () => {
  it('examines the set-up that the options describe', async () => {
    const { findings } = await diagnose(
      createOAuthClient({ issuer: `${ISSUER}/`, clientId: 'spa', redirectUri: REDIRECT_URI, fetch: await brokenFetch() }),
    )
    expect(findings).toEqual([
      expect.objectContaining({ code: 'issuer_mismatch', change: expect.stringContaining(`"${ISSUER}"`) }),
      expect.anything(),
    ])
  })

  it('takes metadata that is given instead of discovered', async () => {
    const server = {
      issuer: ISSUER,
      authorization_endpoint: `${ISSUER}/authorize`,
      token_endpoint: 'not a URL',
      jwks_uri: `${ISSUER}/jwks`,
    }
    const client = createOAuthClient({ server, clientId: 'spa', redirectUri: REDIRECT_URI, fetch: await brokenFetch() })
    const { findings } = await diagnose(client)
    expect(findings[0]).toMatchObject({ code: 'metadata_invalid', seen: '"token_endpoint" is "not a URL".' })
  })

  it('names the check of an ID token that was refused', async () => {
    expect(codesOf(await diagnoseAfterSignIn({ header: { kid: 'key-9' } }))).toContain('jwks_no_key')
    expect(codesOf(await diagnoseAfterSignIn({ claims: { exp: 1 } }))).toContain('clock_offset')
    expect(codesOf(await diagnoseAfterSignIn({}, { idTokenSignedResponseAlg: 'ES256' }))).toContain('algorithm_mismatch')
    expect(codesOf(await diagnoseAfterSignIn({ claims: { nonce: 'other' } }))).toContain('last_error')
  })

  it('finds a session without a refresh token', async () => {
    const { findings } = await diagnoseAfterSignIn({ token: { refresh_token: undefined } })
    expect(findings).toContainEqual(expect.objectContaining({ code: 'no_refresh_token', severity: 'warning' }))
    expect(codesOf(await diagnoseAfterSignIn({}))).not.toContain('no_refresh_token')
  })

  it('finds that the client is of another copy of the library', async () => {
    const { client } = await createClientBench()
    expect(codesOf(await diagnose({ ...client }))).toContain('several_copies')
    expect(codesOf(await diagnose(client))).not.toContain('several_copies')
  })

  it('changes nothing of the session, and shows no token', async () => {
    const { client } = await createClientBench()
    await client.login()
    const before = client.getSnapshot()
    const text = JSON.stringify(await diagnose(client))
    expect(client.getSnapshot()).toBe(before)
    const { accessToken = '?', refreshToken = '?', idToken = '?' } = client.getTokenSet() ?? {}
    for (const secret of [accessToken, refreshToken, idToken]) expect(text).not.toContain(secret)
  })

  it('refuses what is no client', async () => {
    // @ts-expect-error -- untyped callers pass the options instead of a client
    await expect(diagnose({ issuer: ISSUER })).rejects.toMatchObject({ code: 'configuration' })
  })
})
