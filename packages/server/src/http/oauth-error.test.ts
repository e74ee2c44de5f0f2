import { describe, expect, it } from 'vitest'
import { OAuthError } from './oauth-error.js'
import { ISSUER, testServer } from '../server/test-server.fixture.js'
import { json, tokenRequest } from '../server/test-browser.fixture.js'

const ALLOWED = /^[\x20\x21\x23-\x5b\x5d-\x7e]+$/

describe('OAuthError', () => {
  it('limits its description to the allowed characters (RFC 6749, sections 4.1.2.1 and 5.2)', () => {
    const { error_description: sent } = new OAuthError('invalid_request', 'a "quoted" \\ word, \u00e4 and\n').parameters
    expect(sent).toBe("a 'quoted' ? word, ? and?")
  })

  it('does so in token responses and in challenges (RFC 6749, section 5.2; RFC 6750, section 3)', async () => {
    const { server } = await testServer()
    const refused = await json(await server.fetch(tokenRequest({ client_id: 'spa' })))
    expect(refused['error_description']).toMatch(ALLOWED)
    const headers = { authorization: 'Bearer @' }
    const { headers: response } = await server.fetch(new Request(`${ISSUER}/userinfo`, { headers }))
    expect(/error_description="([^"]*)"/.exec(response.get('www-authenticate') ?? '')?.[1] ?? 'none').toMatch(ALLOWED)
  })
})
