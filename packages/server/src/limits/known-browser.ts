import { base64url, jwtVerify, SignJWT } from 'jose'
import { readCookies, writeCookie } from '../http/cookies.js'
import { isRecord } from '@latchkey/resource/internals'
import type { RequestContext } from '../http/request-context.js'
import type { ServerContext } from '../options/server-context.js'
import { hmacOf } from '../storage/digest.js'
import { normalizeName } from './normalize-name.js'

/** Seconds: 90 days. */
const LIFETIME = 7_776_000
const TYPE = 'latchkey-browser+jwt'
const COOKIE = 'known'
/** Users that a browser is known for. More of them would make its cookie too long. */
const MAX_USERS = 5

/** Cookies that are checked: this browser's, and those that others may have added. */
const MAX_COOKIES = 3

/** A user who signed in with the browser. */
interface KnownUser {
  /** Code of the user's name, by the server's secret. */
  readonly user: string
  /** The id of the browser for this user. */
  readonly browser: string
  /** Seconds since the epoch. */
  readonly until: number
}

/**
 * Returns the id of this browser, if the user signed in with it before: then guesses of others do not delay the user. It is no credential,
 * and nothing is stored.
 */
export async function knownBrowser(context: RequestContext, name: string): Promise<string | undefined> {
  const key = keyOf(name, context.server)
  return (await readKnown(context)).find(({ user }) => user === key)?.browser
}

/** Remembers that users signed in with this browser: one cookie has the last of them. */
export async function rememberBrowser(context: RequestContext, names: readonly string[]): Promise<void> {
  if (names.length === 0) return
  const { server } = context
  const until = Math.floor(server.now() / 1000) + LIFETIME
  const keys = names.map((name) => keyOf(name, server))
  const added = keys.map((user) => ({ user, browser: crypto.randomUUID().replaceAll('-', '').slice(0, 16), until }))
  const kept = (await readKnown(context)).filter(({ user }) => !keys.includes(user))
  const users = [...added, ...kept].slice(0, MAX_USERS).map(({ user, browser, until: end }) => [user, browser, end])
  const cookie = await new SignJWT({ users })
    .setProtectedHeader({ alg: 'HS256', typ: TYPE })
    .setExpirationTime(until)
    .sign(server.secret)
  writeCookie(context, COOKIE, cookie, LIFETIME)
}

async function readKnown(context: RequestContext): Promise<readonly KnownUser[]> {
  // Another site may have added one, which is no reason to forget this browser's.
  return (
    await Promise.all(
      readCookies(context, COOKIE)
        .slice(0, MAX_COOKIES)
        .map((cookie) => readUsers(cookie, context)),
    )
  ).flat()
}

async function readUsers(cookie: string, { server }: RequestContext): Promise<readonly KnownUser[]> {
  const options = { algorithms: ['HS256'], typ: TYPE, currentDate: new Date(server.now()) }
  const verified: unknown = await jwtVerify(cookie, server.secret, options).catch(() => undefined)
  if (!isRecord(verified) || !isRecord(verified['payload'])) return []
  // Signed by this server.
  const users = verified['payload']['users'] as ReadonlyArray<readonly [string, string, number]>
  const now = server.now() / 1000
  return users.map(([user, browser, until]) => ({ user, browser, until })).filter(({ until }) => until > now)
}

/** Servers on other ports get the cookie too: a digest without the secret would tell them the name, if they guess it. */
function keyOf(name: string, { secret }: Pick<ServerContext, 'secret'>): string {
  return base64url.encode(hmacOf(secret, JSON.stringify(['latchkey browser', normalizeName(name)]))).slice(0, 16)
}
