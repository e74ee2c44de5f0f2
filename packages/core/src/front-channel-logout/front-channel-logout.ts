import { parseUrl } from '../platform/parse-url.js'
import { createError } from '../errors/create-error.js'
import type { ConfigurationError } from '../errors/errors.js'
import { type OptionNames, refuseUnknownOptions } from '../errors/unknown-options.js'
import { requireKind } from '../errors/require-kind.js'
import { IS_DEVELOPMENT } from '../platform/is-development.js'
import { clientKey } from '../client/resolve-options.js'
import { currentEnvironment, openQuietly } from '../platform/environment.js'
import { startTimer } from '../platform/timer.js'
import { indexedDb } from '../storage/indexed-db.js'
import { recordCalls } from '../storage/record-calls.js'
import { createRecordStore, type RecordStore } from '../storage/record-store.js'
import type { TokenStorage } from '../storage/token-storage.js'
import { createTabChannel } from '../client/open-tab-channel.js'
import type { TokenSet } from '../protocol/token-set.js'

/** Options of {@link handleFrontChannelLogout}. `issuer`, `clientId` and `name` must equal the client's: they identify its stored session. */
export interface FrontChannelLogoutOptions {
  /** `issuer` of the client. */
  readonly issuer: string
  /** `clientId` of the client. */
  readonly clientId: string
  /** `name` of the client, if it has one. */
  readonly name?: string | undefined
  /** `storage` of the client. Default: `indexedDb()`. A session in memory cannot be ended from this page. */
  readonly storage?: TokenStorage | undefined
  /** The page that the authorization server opened. Default: this page. */
  readonly page?: Window | undefined
}

const OPTIONS: OptionNames<FrontChannelLogoutOptions> = {
  issuer: 'string',
  clientId: 'string',
  name: 'string',
  storage: 'object',
  page: 'object',
}

/** Whether the session was ended, otherwise the reason. */
export type FrontChannelLogoutResult =
  | { readonly signedOut: true }
  | { readonly signedOut: false; readonly reason: FrontChannelRefusal }

/** Why a front-channel logout request ended no session. */
export type FrontChannelRefusal =
  /** No user is signed in, or the browser hides the session from a frame on another site (storage partitioning). */
  | 'no_session'
  /** `iss` or `sid` is repeated, or only one of the two is present. */
  | 'invalid_request'
  /** `iss` is not the client's issuer. */
  | 'issuer_mismatch'
  /** `sid` is another session than the current one. */
  | 'session_mismatch'
  /** The request has no `iss` and `sid`, and the parent page is not the issuer's. */
  | 'unknown_caller'

/**
 * Ends the session in all tabs of this browser. Call it in the page that the authorization server opens in a hidden frame
 * (`frontchannel_logout_uri`) when the user signs out there. Tokens are not revoked: the server does that itself.
 *
 * Any website can open this page in a frame. Therefore `iss` and `sid` must match the stored session; register the client with
 * `frontchannel_logout_session_required`. Without them, the browser must report that the parent page is the issuer's. A server that
 * signs out on another origin, or hides it from `Referer` in a browser without `ancestorOrigins`, must send `iss` and `sid`.
 *
 * Browsers that partition storage by the site in the address bar show this page an empty storage, unless app and server share a site
 * (`app.example.com` and `id.example.com`). The result is `no_session`, and the app notices the sign-out at its next refresh. Serve the
 * page with `Cache-Control: no-store`, and allow the server to frame it.
 *
 * @returns whether the session was ended, otherwise the reason. It never rejects because of the request's content
 * @see OpenID Connect Front-Channel Logout 1.0, section 3
 * @example
 * import { handleFrontChannelLogout } from '@latchkey/core/front-channel-logout'
 * await handleFrontChannelLogout({ issuer: 'https://id.example.com', clientId: 'spa' })
 */
export async function handleFrontChannelLogout(options: FrontChannelLogoutOptions): Promise<FrontChannelLogoutResult> {
  if (IS_DEVELOPMENT) refuseUnknownOptions('handleFrontChannelLogout()', options, OPTIONS, 'required')
  requireKind('handleFrontChannelLogout()', 'object', options)
  const page = options.page ?? (globalThis as Partial<typeof globalThis>).window
  if (!page) throw outsidePage()
  const key = clientKey(options.issuer, options.clientId, options.name)
  const storage = options.storage ?? indexedDb()
  const environment = currentEnvironment()
  const { records } = createRecordStore({
    storage,
    now: environment.now,
    // If the storage fails, there is no session and no app to notify.
    onError: () => undefined,
    load: async () => recordCalls,
    loadRareCalls: async () => recordCalls,
  })
  const sessionKey = `latchkey/${key}/session`
  const refusedFor = await endStored(records, sessionKey, (tokenSet) => refusal(page, options.issuer, tokenSet))
  if (refusedFor) return { signedOut: false, reason: refusedFor }
  // Without IndexedDB of their own, the keys are not in the client's storage.
  const keys = storage.keepsCryptoKeys ? storage : indexedDb()
  const names = await keys.keys(`latchkey/${key}/server/dpop-key-`).catch(() => [])
  await Promise.all(names.map((name) => keys.update(name, () => undefined).catch(() => undefined)))
  const tabs = createTabChannel(openQuietly(environment, sessionKey), () => undefined)
  tabs.send('logout')
  tabs.send('session-cleared')
  // Closing the channel immediately would drop the message.
  startTimer(() => tabs.close(), 1000)
  return { signedOut: true }
}

function outsidePage(): ConfigurationError {
  return createError('unsupported', 'A front-channel logout needs the page that the authorization server opened.', {
    hint: 'Call handleFrontChannelLogout() in that page, or pass it as "page".',
    spec: 'OpenID Connect Front-Channel Logout 1.0, section 2',
  })
}

/** Deletes only the record that was checked. If a refresh in another tab has replaced it, the new one is checked too. */
async function endStored(
  records: RecordStore,
  key: string,
  check: (tokenSet: TokenSet) => FrontChannelRefusal | undefined,
): Promise<FrontChannelRefusal | undefined> {
  let reason: FrontChannelRefusal | undefined = 'no_session'
  for (;;) {
    const record = await records.read(key)
    if (typeof record !== 'object') return reason
    reason = check(record.value as TokenSet)
    if (reason) return reason
    await records.take(key, record.revision)
  }
}

/** @see OpenID Connect Front-Channel Logout 1.0, section 2: "If either is included, both MUST be." */
function refusal(page: Window, issuer: string, { claims }: TokenSet): FrontChannelRefusal | undefined {
  const query = new URLSearchParams(page.location.search)
  const [iss, sid] = [query.getAll('iss'), query.getAll('sid')]
  if (iss.length !== sid.length || iss.length > 1) return 'invalid_request'
  // A server with an issuer per tenant names that of the session.
  if (iss[0] !== undefined && iss[0] !== (claims?.iss ?? issuer)) return 'issuer_mismatch'
  const ownSid = claims?.['sid']
  if (sid[0] !== undefined && typeof ownSid === 'string') return sid[0] === ownSid ? undefined : 'session_mismatch'
  return originAround(page) === new URL(issuer).origin ? undefined : 'unknown_caller'
}

/** The origin of the parent page. `ancestorOrigins` comes from the browser; `Referer` can be omitted, but not forged. */
function originAround(page: Window): string | undefined {
  if (page.parent === page) return undefined
  const { ancestorOrigins } = page.location
  if ((ancestorOrigins as DOMStringList | undefined) !== undefined) return ancestorOrigins[0]
  const { referrer } = page.document
  return parseUrl(referrer)?.origin
}
