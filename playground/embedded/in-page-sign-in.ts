import { createOAuthClient, memory, type NavigateRequest, type TokenSet } from '@latchkey/core'
import { createTestServer } from '@latchkey/react/testing'
import type { Fault } from '../src/faults/fault.js'
import { createLoggingFetch } from '../src/network-log/logging-fetch.js'
import { recordExperimentRequest, recordExperimentResponse } from '../src/network-log/navigations.js'

/** The users who can sign in. */
export const DEMO_USERS = [
  { sub: 'ada', name: 'Ada Lovelace', email: 'ada@example.com' },
  { sub: 'grace', name: 'Grace Hopper', email: 'grace@example.com' },
] as const

/** What the user does on the server's page: the `sub` of the user who signs in, or `deny`. */
export type Decision = string

/** The decision of a user who goes back to the app. */
export const DENY: Decision = 'deny'

// Both exist in this page only.
export const ISSUER = 'https://id.example.com'
const REDIRECT_URI = 'https://app.example.com/'

// The server of the testing kit is a function: no message leaves the page.
const server = createTestServer({ issuer: ISSUER, users: DEMO_USERS })

/**
 * Signs in with the code flow: the client and the authorization server are Latchkey's, and both run in this page. Records every message.
 *
 * @param decide shows the server's page, and waits for the user
 * @param fault goes wrong between the two
 */
export async function signInInPage(decide: (signal?: AbortSignal) => Promise<Decision>, fault?: Fault): Promise<TokenSet> {
  const { alteration, options } = fault ?? {}
  const navigate = async ({ url, signal }: NavigateRequest): Promise<URL> => {
    const decision = await decide(signal)
    if (decision === DENY) server.denied({ times: 1 })
    else server.user = decision
    const response = await server.navigate(alteration?.navigate?.(url) ?? url)
    recordExperimentResponse(response)
    return response
  }
  const client = createOAuthClient({
    ...server.options,
    name: `story ${crypto.randomUUID()}`,
    clientId: 'my-app',
    redirectUri: REDIRECT_URI,
    scope: 'openid profile email offline_access',
    storage: memory(),
    transport: { name: 'in-page', prepare: () => ({ navigate, cancel: () => undefined }) },
    fetch: createLoggingFetch('experiment', alteration, server.fetch),
    compliance: { authorizationRequest: (url) => recordExperimentRequest(url, alteration) },
    ...options?.(),
  })
  try {
    const result = await client.login()
    if (!result) throw new Error('the transport returned no response')
    return result.tokenSet
  } finally {
    await client.close()
  }
}
