// A server of OAuth 1.0a, alone and beside OAuth 2: a value that may be missing can be passed on as it is.
import { createAuthorizationServer, userSite } from '@latchkey/server'
import {
  createOAuth1Server,
  oauth1,
  oauth1StoreHooks,
  revokeOAuth1Token,
  verifyOAuth1Request,
  type OAuth1ClientRecord,
  type OAuth1Options,
} from '@latchkey/server/oauth1'

declare const maybe: string | undefined
declare const seconds: number | undefined
declare const now: (() => number) | undefined

const client: OAuth1ClientRecord = {
  clientId: 'app',
  clientSecret: maybe,
  rsaPublicKey: maybe,
  clientName: maybe,
  defaultRedirectUri: maybe,
  callbackUrls: undefined,
  access: maybe,
  data: undefined,
}
const options: OAuth1Options = {
  clients: [client],
  signatureMethods: undefined,
  temporaryLifetime: seconds,
  timestampWindow: seconds,
  tokenLength: seconds,
  generateToken: undefined,
  tokenGenerator: undefined,
  hooks: undefined,
}
const site = userSite({ users: [{ sub: 'alice', password: maybe }] })

export const alone = createOAuth1Server({
  ...options,
  clients: { findClient: async (clientId) => (clientId === 'app' ? client : undefined) },
  url: 'https://id.example.com',
  site,
  stores: undefined,
  secret: undefined,
  sessionLifetime: seconds,
  corsOrigin: maybe,
  now,
  hooks: { existsNonce: () => false },
  serverHooks: { onError: undefined, onEvent: undefined },
})
export const beside = createAuthorizationServer({
  issuer: 'https://id.example.com',
  clients: [],
  site,
  features: [oauth1(options)],
})

export async function respond(request: Request): Promise<Response> {
  const verified = await alone.verifyRequest(request)
  if (!verified.ok) return verified.response
  await alone.revokeToken('app', 'token')
  return alone.handles(new URL(request.url)) ? alone.fetch(request) : Response.json({ owner: verified.userId })
}

export const functions = [oauth1StoreHooks, revokeOAuth1Token, verifyOAuth1Request]
