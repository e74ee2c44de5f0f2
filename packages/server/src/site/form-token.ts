import { jwtVerify, SignJWT } from 'jose'
import type { Exchange } from '../options/server-parts.js'
import { digest, isSameSecret } from '../storage/digest.js'
import { randomGenerator } from '../token/token-generator.js'
import { readCookieFamily, writeCookie } from '../http/cookies.js'
import type { InteractionReason } from './site-adapter.js'

/** Seconds that a page may stay open before its form is refused. */
const LIFETIME = 3600
const random = randomGenerator()

/** What is remembered from one page of an interaction to the next. */
export interface FormProgress {
  /** Milliseconds since the epoch: when the first page was shown. A sign-in after it is a fresh one. */
  readonly startedAt: number
  /** Whether the person has chosen an account since then. */
  readonly hasChosen: boolean
  /** Which page of an authorization request the form is on. */
  readonly asked?: InteractionReason
}

/**
 * The token in every form: it fits this browser (a cookie that other sites cannot read or send) and this very request, so that
 * nobody can make a browser send a form its person never saw. Each such cookie has a name of its own: of two tabs that open their
 * first page at the same moment, neither loses its cookie to the other. @see RFC 6749, section 10.12; RFC 9700, section 4.7
 */
export async function createFormToken(exchange: Exchange, progress: FormProgress): Promise<string> {
  const { server } = exchange
  const browser = readCookieFamily(exchange, 'browser')[0] ?? (await startBrowser(exchange))
  return new SignJWT({ request: await requestDigest(exchange), browser: await digest(browser), ...progress })
    .setProtectedHeader({ alg: 'HS256', typ: 'latchkey-form+jwt' })
    .setExpirationTime(Math.floor(server.now() / 1000) + LIFETIME)
    .sign(server.secret)
}

async function startBrowser(exchange: Exchange): Promise<string> {
  const browser = await random.generate({ kind: 'other', issuer: exchange.server.issuer })
  writeCookie(exchange, `browser_${(await digest(browser)).slice(0, 8)}`, browser, LIFETIME * 24)
  return browser
}

/** @returns what the token remembers; undefined for a token of another browser, another request, or one that is too old */
export async function readFormToken(exchange: Exchange, form: URLSearchParams): Promise<FormProgress | undefined> {
  const { server } = exchange
  const token = form.get('csrf')
  if (token === null) return undefined
  const verified = await jwtVerify<FormProgress & { request: string; browser: string }>(token, server.secret, {
    algorithms: ['HS256'],
    typ: 'latchkey-form+jwt',
    currentDate: new Date(server.now()),
  }).catch(() => undefined)
  if (!verified) return undefined
  const { payload } = verified
  return (await isOfThisBrowser(exchange, payload.browser)) && payload.request === (await requestDigest(exchange))
    ? payload
    : undefined
}

async function isOfThisBrowser(exchange: Exchange, expected: string): Promise<boolean> {
  const digests = await Promise.all(readCookieFamily(exchange, 'browser').map((browser) => digest(browser)))
  const matches = await Promise.all(digests.map((one) => isSameSecret(expected, one)))
  return matches.includes(true)
}

/** The form posts to the URL that the page came from, the request's parameters with it. */
export function formAction({ url }: Exchange): string {
  return `${url.pathname}${url.search}`
}

function requestDigest(exchange: Exchange): Promise<string> {
  return digest(formAction(exchange))
}
