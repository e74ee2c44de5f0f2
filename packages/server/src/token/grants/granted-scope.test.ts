import { describe, expect, it } from 'vitest'
import { json, redeem, signIn, testBrowser } from '../../server/test-browser.fixture.js'
import { SPA, testServer } from '../../server/test-server.fixture.js'
import { authorizationCode } from './authorization-code.js'

/** Returns the token response, or the error of the authorization response. */
async function grantedTo(scopeOfClient: string, scope: string | undefined): Promise<Record<string, string>> {
  const grants = [authorizationCode({ scopes: ['read', 'write'], defaultScope: 'read' })]
  const { server } = await testServer({ grants, clients: [{ ...SPA, scope: scopeOfClient }] })
  const result = (await signIn(testBrowser(server), { scope }).catch(() => undefined))?.searchParams
  return result?.has('code') ? json(await redeem(server, result.get('code') ?? '')) : { error: result?.get('error') ?? 'none' }
}

describe('the scope that a client may have', () => {
  it('limits the default scope too', async () => {
    // covers C-012, C-054
    expect((await grantedTo('read write', undefined))['scope']).toBe('read')
    expect((await grantedTo('write', 'write'))['scope']).toBe('write')
    expect(await grantedTo('write', undefined)).not.toHaveProperty('access_token')
  })

  it('is none if it is empty: then tokens have no scope', async () => {
    // covers C-012, C-054
    for (const scope of ['read', undefined]) {
      const tokens = await grantedTo('', scope)
      expect(tokens).toHaveProperty('access_token')
      expect(tokens).not.toHaveProperty('scope')
    }
  })

  it('is an error if the grant gives none of it', async () => {
    // covers C-012, C-054
    expect(await grantedTo('fly', 'read')).not.toHaveProperty('access_token')
  })
})
