// RFC 7636, Appendix B: its verifier and challenge, through the client and the server.
import { createAuthorizationUrl, createOAuthClient, exchange, memory } from '@latchkey/core'
import { describe, expect, it } from 'vitest'
import { createHostWorld } from '../hosts/host-world.js'

const codeVerifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
const codeChallenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'
const redirectUri = 'https://client.example.com/cb'

/** @param change changes the body of the token request before it reaches the server */
function createClient(change: (body: URLSearchParams) => void = () => undefined): {
  readonly client: ReturnType<typeof createOAuthClient>
  readonly world: ReturnType<typeof createHostWorld>
} {
  const world = createHostWorld(redirectUri)
  const tokenRequest = async (request: Request): Promise<Request> => {
    const body = new URLSearchParams(await request.text())
    change(body)
    return new Request(request.url, { method: 'POST', body })
  }
  const client = createOAuthClient({
    issuer: world.issuer,
    clientId: 'native',
    redirectUri,
    fetch: world.fetch,
    storage: memory(),
    compliance: { tokenRequest },
  })
  return { client, world }
}

describe('RFC 7636, Appendix B', () => {
  it('is the challenge that the client sends, and the server accepts its verifier', async () => {
    //
    const sent: Array<string | null> = []
    const { client, world } = createClient((body) => sent.push(body.get('code_verifier')))
    const { url } = await createAuthorizationUrl(client, { codeVerifier })
    expect(url.searchParams.get('code_challenge')).toBe(codeChallenge)
    expect(url.searchParams.get('code_challenge_method')).toBe('S256')
    expect(await exchange(client, await world.signIn(url.href))).toBeDefined()
    expect(sent).toEqual([codeVerifier])
  })

  it.each([
    ['another verifier', `${codeVerifier.slice(0, -1)}X`],
    ['the challenge instead of the verifier', codeChallenge],
  ])('the server rejects %s', async (_, verifier) => {
    //
    const { client, world } = createClient((body) => body.set('code_verifier', verifier))
    const { url } = await createAuthorizationUrl(client, { codeVerifier })
    const callbackUrl = await world.signIn(url.href)
    await expect(exchange(client, callbackUrl)).rejects.toMatchObject({ code: 'invalid_grant' })
  })
})
