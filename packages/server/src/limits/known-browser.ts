import { jwtVerify, SignJWT } from 'jose'
import { readCookie, writeCookie } from '../http/cookies.js'
import type { RequestContext } from '../http/request-context.js'
import { digest } from '../storage/digest.js'
import { normalizeName } from './normalize-name.js'

/** Seconds: 90 days. */
const LIFETIME = 7_776_000
const TYPE = 'latchkey-browser+jwt'

/**
 * Returns the id of this browser, if the user signed in with it before: then guesses of others do not delay the user. It is no credential,
 * and nothing is stored.
 */
export async function knownBrowser(context: RequestContext, name: string): Promise<string | undefined> {
  const { server } = context
  const cookie = readCookie(context, await cookieOf(name))
  if (cookie === undefined) return undefined
  const options = {
    algorithms: ['HS256'],
    typ: TYPE,
    subject: await digest(normalizeName(name)),
    currentDate: new Date(server.now()),
  }
  const verified = await jwtVerify(cookie, server.secret, options).catch(() => undefined)
  return verified?.payload.jti
}

/** Remembers that a user signed in with this browser. */
export async function rememberBrowser(context: RequestContext, name: string): Promise<void> {
  const { server } = context
  const browser = await new SignJWT({})
    .setProtectedHeader({ alg: 'HS256', typ: TYPE })
    .setSubject(await digest(normalizeName(name)))
    .setJti(crypto.randomUUID())
    .setExpirationTime(Math.floor(server.now() / 1000) + LIFETIME)
    .sign(server.secret)
  writeCookie(context, await cookieOf(name), browser, LIFETIME)
}

/** One cookie for each user of the browser. */
async function cookieOf(name: string): Promise<string> {
  return `known_${(await digest(normalizeName(name))).slice(0, 8)}`
}
