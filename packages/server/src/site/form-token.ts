import { jwtVerify, SignJWT } from 'jose'
import { timingSafeEqual } from 'hono/utils/buffer'
import type { Exchange } from '../server-parts.js'
import { digest } from '../storage/digest.js'
import { randomGenerator } from '../tokens/token-generator.js'
import { readCookie, writeCookie } from './cookies.js'

/** Seconds that a page may stay open before its form is refused. */
const LIFETIME = 3600
const random = randomGenerator()

/** What is remembered from one page of an interaction to the next. */
export interface FormProgress {
  /** Milliseconds since the epoch: when the first page was shown. A sign-in after it is a fresh one. */
  readonly startedAt: number
  /** Whether the person has chosen an account since then. */
  readonly hasChosen: boolean
}

/**
 * The token in every form: it fits this browser (a cookie that other sites cannot read or send) and this very request, so that
 * nobody can make a browser send a form its person never saw. @see RFC 6749, section 10.12; RFC 9700, section 4.7
 */
export async function createFormToken(exchange: Exchange, progress: FormProgress): Promise<string> {
  const { server } = exchange
  const known = readCookie(exchange, 'browser')
  const browser = known ?? (await random.generate({ kind: 'other', issuer: server.issuer }))
  if (known === undefined) writeCookie(exchange, 'browser', browser, LIFETIME * 24)
  return new SignJWT({ request: await requestDigest(exchange), browser: await digest(browser), ...progress })
    .setProtectedHeader({ alg: 'HS256', typ: 'latchkey-form+jwt' })
    .setExpirationTime(Math.floor(server.now() / 1000) + LIFETIME)
    .sign(server.secret)
}

/** @returns what the token remembers; undefined for a token of another browser, another request, or one that is too old */
export async function readFormToken(exchange: Exchange, form: URLSearchParams): Promise<FormProgress | undefined> {
  const { server } = exchange
  const browser = readCookie(exchange, 'browser')
  const token = form.get('csrf')
  if (browser === undefined || token === null) return undefined
  const verified = await jwtVerify<FormProgress & { request: string; browser: string }>(token, server.secret, {
    algorithms: ['HS256'],
    typ: 'latchkey-form+jwt',
    currentDate: new Date(server.now()),
  }).catch(() => undefined)
  if (!verified) return undefined
  const { payload } = verified
  const isOurs = await timingSafeEqual(payload.browser, await digest(browser))
  return isOurs && payload.request === (await requestDigest(exchange)) ? payload : undefined
}

/** The form posts to the URL that the page came from, the request's parameters with it. */
export function formAction({ url }: Exchange): string {
  return `${url.pathname}${url.search}`
}

function requestDigest(exchange: Exchange): Promise<string> {
  return digest(formAction(exchange))
}
