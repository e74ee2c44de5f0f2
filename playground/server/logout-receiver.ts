import { createTokenVerifier } from '@latchkey/resource'
import {
  createLogoutChannel,
  createLogoutVerifier,
  type LogoutChannel,
  type LogoutNotice,
  type LogoutVerifier,
} from '@latchkey/resource/logout'
import { toNodeHandler } from '@latchkey/server/node'
import { type CryptoKey, decodeJwt, exportJWK, generateKeyPair, type JWK } from 'jose'
import type { Connect, Plugin } from 'vite'
import type { BackChannelReport } from '../src/logout/back-channel-report.js'
import { LOGOUT_API_PATH } from '../src/logout/logout-paths.js'
import { mask } from '../src/network-log/masked-fields.js'
import { createEventStream, type EventStream } from './event-stream.js'
import { type Delivery, deliveriesOf } from './logout-deliveries.js'
import { originOf } from './origin-of.js'

const MAX_DEMOS = 50

/** One client that a page has registered. */
interface Demo {
  /** Checks tokens of the server. */
  readonly verifier: LogoutVerifier
  /** Checks tokens that the demo has signed, as if the server had. */
  readonly resignedVerifier: LogoutVerifier
  readonly fault: string
  /** For the network log of the page. An app has no such stream. */
  readonly reports: EventStream
}

interface Receiver {
  readonly demos: Map<string, Demo>
  /** Notifies the open tabs. */
  readonly channel: LogoutChannel
  readonly key: { readonly privateKey: CryptoKey; readonly publicJwk: JWK }
}

/**
 * Creates a Vite plugin with the API of the page “Logout by the server”: it receives the logout tokens of the server, checks them with
 * `@latchkey/resource/logout`, and notifies the open tabs.
 */
export function logoutReceiver(issuerPath: string): Plugin {
  const handle = createLogoutReceiver(issuerPath)
  return {
    name: 'logout-receiver',
    configureServer: ({ middlewares }) => void middlewares.use(handle),
    configurePreviewServer: ({ middlewares }) => void middlewares.use(handle),
  }
}

/** Creates the API as middleware. */
export function createLogoutReceiver(issuerPath: string): Connect.NextHandleFunction {
  const demos = new Map<string, Demo>()
  const channel = createLogoutChannel()
  const key = createKey()
  return (request, response, next) => {
    if (!request.url?.startsWith(`${LOGOUT_API_PATH}/`)) return next()
    const origin = originOf(request)
    if (origin === undefined) return void response.writeHead(403).end('Open the playground at localhost or 127.0.0.1.\n')
    const issuer = origin + issuerPath
    const fetch = async (incoming: Request): Promise<Response> => respond(incoming, issuer, { demos, channel, key: await key })
    const fail = (error: unknown): void => next(error)
    toNodeHandler({ fetch })(request, response).catch(fail)
  }
}

async function createKey(): Promise<Receiver['key']> {
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  return { privateKey, publicJwk: { ...(await exportJWK(publicKey)), kid: 'demo', alg: 'ES256' } }
}

async function respond(request: Request, issuer: string, receiver: Receiver): Promise<Response> {
  const { pathname, searchParams } = new URL(request.url)
  const [id = '', part = ''] = pathname.slice(LOGOUT_API_PATH.length + 1).split('/')
  const { method } = request
  if (method === 'PUT') return configure(request, { id, issuer }, receiver)
  const demo = receiver.demos.get(id)
  if (!demo) return new Response(null, { status: 404 })
  if (method === 'POST') return receiveToken(request, demo, receiver)
  if (part === 'reports') return demo.reports.open()
  return openStream(request, issuer, { sid: searchParams.get('sid') ?? undefined, channel: receiver.channel })
}

/** The page says which client it has registered, and which fault to simulate. */
async function configure(
  request: Request,
  { id, issuer }: { readonly id: string; readonly issuer: string },
  { demos, key }: Receiver,
): Promise<Response> {
  // The browser sends this header, and a page cannot change it (Fetch Metadata Request Headers, section 2.3).
  if (request.headers.get('sec-fetch-site') !== 'same-origin') return new Response(null, { status: 403 })
  const { clientId, fault } = (await request.json()) as { readonly clientId: unknown; readonly fault: unknown }
  if (typeof clientId !== 'string' || typeof fault !== 'string' || id === '') return new Response(null, { status: 400 })
  const jwks = { keys: [{ ...key.publicJwk }] }
  const { verifier, resignedVerifier, reports } = demos.get(id) ?? {
    verifier: createLogoutVerifier({ issuer, clientId }),
    resignedVerifier: createLogoutVerifier({ issuer, clientId, jwks }),
    reports: createEventStream(),
  }
  demos.delete(id)
  demos.set(id, { verifier, resignedVerifier, reports, fault })
  const [oldest] = demos.keys()
  if (demos.size > MAX_DEMOS && oldest !== undefined) demos.delete(oldest)
  return new Response(null, { status: 204 })
}

/** The server’s request to the `backchannel_logout_uri`. The chosen fault happens on the way. */
async function receiveToken(request: Request, demo: Demo, { channel, key }: Receiver): Promise<Response> {
  const token = new URLSearchParams(await request.text()).get('logout_token') ?? ''
  const deliveries = await deliveriesOf(token, demo.fault, key.privateKey)
  for (const [index, delivery] of deliveries.entries()) {
    const verifier = delivery.isResigned ? demo.resignedVerifier : demo.verifier
    const form = new URLSearchParams({ logout_token: delivery.token })
    const notices: LogoutNotice[] = []
    const response = await verifier.handle(form, (notice) => void notices.push(notice))
    // First the report, so that the network log has both in the right order. An app publishes the notice at once.
    demo.reports.send(await reportOf(delivery, token, { response, isLast: index === deliveries.length - 1 }))
    for (const notice of notices) channel.publish(notice)
  }
  // The server’s own message was right.
  return new Response(null, { status: 200 })
}

async function reportOf(
  { token, isAltered }: Delivery,
  original: string,
  { response, isLast }: { readonly response: Response; readonly isLast: boolean },
): Promise<BackChannelReport> {
  const { status, ok } = response
  const body = ok ? undefined : ((await response.json()) as { readonly error_description?: string })
  return {
    token: mask(token),
    claims: decodeJwt(token),
    original: { token: mask(original), claims: decodeJwt(original) },
    isAltered,
    isLast,
    status,
    refusal: body?.error_description,
  }
}

/** The stream of `useBackChannelLogout()`: only for a user with a token for this API. */
async function openStream(
  request: Request,
  issuer: string,
  { sid, channel }: { readonly sid: string | undefined; readonly channel: LogoutChannel },
): Promise<Response> {
  const guard = createTokenVerifier({ issuer, audience: issuer, metadata: false })
  const verified = await guard.verify(request)
  return verified.ok ? channel.open({ issuer, sub: verified.token.sub, sid }) : verified.response
}
