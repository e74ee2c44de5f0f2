import { jwtVerify, SignJWT } from 'jose'
import { mayBeFromOwnPage } from '../http/own-page.js'
import type { RequestContext } from '../http/request-context.js'
import { digest, isSameSecret } from '../storage/digest.js'
import { randomGenerator } from '../token/token-generator.js'
import { readCookieFamily, readFormerCookieFamily, writeCookie } from '../http/cookies.js'
import type { BrowserSession, InteractionReason } from './site-adapter.js'

/** Seconds that a page may be open before its form is refused. */
const LIFETIME = 3600
const random = randomGenerator()

/** A page with a form. */
export type FormPage = InteractionReason | 'approval' | 'device-code' | 'sign-out'

/** What one page of an interaction passes on to the next. */
export interface FormProgress {
  /** Milliseconds since the epoch: when the first page was shown. A later sign-in is fresh. */
  readonly startedAt: number
  /** Whether the user has chosen an account since then. */
  readonly hasChosen: boolean
  /** The page that the form is on. */
  readonly page: FormPage
  /** Digest of what a consent page asked the user to agree to. */
  readonly shown?: string | undefined
}

/** The progress in a form's token, and the session that its page was shown to. */
export interface SentForm extends FormProgress {
  /** The `sid` of the session; absent if no user was signed in. */
  readonly sid?: string | undefined
}

/**
 * Creates the token of a form. It is bound to this browser (by a cookie that other sites cannot read or send), to this request and to
 * the session that sees the page, so that no other site can make a browser send a form that its user never saw: a page on another port
 * can set cookies here, but knows no token for the user's session. Each such cookie has its own name: two tabs that open
 * their first page at the same time do not overwrite each other's. @see RFC 6749, section 10.12; RFC 9700, section 4.7
 */
export async function createFormToken(
  context: RequestContext,
  progress: FormProgress,
  session: Pick<BrowserSession, 'sid'> | undefined,
): Promise<string> {
  const { server } = context
  const browser = readCookieFamily(context, 'browser')[0] ?? (await startBrowser(context))
  return (
    new SignJWT({ request: await requestDigest(context), browser: await digest(browser), ...progress, sid: session?.sid })
      .setProtectedHeader({ alg: 'HS256', typ: 'latchkey-form+jwt' })
      .setExpirationTime(Math.floor(server.now() / 1000) + LIFETIME)
      // Each page has a form of its own, also if two are opened at the same moment: a form that has signed in is used.
      .setJti(crypto.randomUUID())
      .sign(server.secret)
  )
}

async function startBrowser(context: RequestContext): Promise<string> {
  const browser = await random.generate({ kind: 'other', issuer: context.server.issuer })
  writeCookie(context, `browser_${(await digest(browser)).slice(0, 8)}`, browser, LIFETIME * 24)
  return browser
}

/** Returns the progress in a form's token; undefined for a token of another browser or request, an expired one, or one that another site sent. */
export async function readFormToken(context: RequestContext, form: URLSearchParams): Promise<SentForm | undefined> {
  const { server, request } = context
  const token = form.get('csrf')
  if (token === null || !mayBeFromOwnPage(request, server.issuer)) return undefined
  const verified = await jwtVerify<SentForm & { request: string; browser: string }>(token, server.secret, {
    algorithms: ['HS256'],
    typ: 'latchkey-form+jwt',
    currentDate: new Date(server.now()),
  }).catch(() => undefined)
  if (!verified) return undefined
  const { payload } = verified
  return (await isForThisBrowser(context, payload.browser)) && payload.request === (await requestDigest(context))
    ? payload
    : undefined
}

/** Milliseconds in which a form that has signed in may be sent again, by a second click. */
const SECOND_CLICK = 10_000

/**
 * Marks the form that has signed a user in: a browser keeps it with its page, and would send the password again when the next user goes
 * back to it after the sign-out.
 */
export async function markFormUsed({ server }: RequestContext, form: URLSearchParams): Promise<void> {
  await server.stores.state.set(await usedKey(form), server.now(), server.now() + LIFETIME * 1000)
}

/** Tells whether the form has signed a user in: in this session, or a while ago. */
export async function isFormUsed(
  { server }: RequestContext,
  form: URLSearchParams,
  session: Pick<BrowserSession, 'sid'> | undefined,
): Promise<boolean> {
  const usedAt = await server.stores.state.get<number>(await usedKey(form))
  return usedAt !== undefined && (session !== undefined || server.now() - usedAt > SECOND_CLICK)
}

async function usedKey(form: URLSearchParams): Promise<string> {
  return `form-used:${await digest(form.get('csrf') ?? '')}`
}

/** Tells whether a form decides for this session: it is on the expected page, and that page was shown to the same session. */
export function isFormOf(form: SentForm | undefined, page: FormPage, session: Pick<BrowserSession, 'sid'> | undefined): boolean {
  return form !== undefined && form.page === page && form.sid === session?.sid
}

async function isForThisBrowser(context: RequestContext, expected: string): Promise<boolean> {
  const browsers = [...readCookieFamily(context, 'browser'), ...readFormerCookieFamily(context, 'browser')]
  const digests = await Promise.all(browsers.map((browser) => digest(browser)))
  const matches = await Promise.all(digests.map((one) => isSameSecret(expected, one)))
  return matches.includes(true)
}

/** Returns where a form posts to: the URL of its page, with the request's parameters. */
export function formAction({ url }: RequestContext): string {
  return `${url.pathname}${url.search}`
}

function requestDigest(context: RequestContext): Promise<string> {
  return digest(formAction(context))
}
