import { clientKey } from '../client/client-key.js'
import { currentEnvironment, openQuietly } from '../platform/environment.js'
import { indexedDb } from '../storage/indexed-db.js'
import * as migrations from '../storage/migrations.js'
import { createRecordStore, type RecordStore } from '../storage/record-store.js'
import type { TokenStorage } from '../storage/token-storage.js'
import { createTabChannel } from '../session/tab-messages.js'
import type { TokenSet } from '../protocol/token-set.js'

export interface FrontChannelLogoutOptions {
  /** As in the options of the client: they find its stored session. */
  readonly issuer: string
  readonly clientId: string
  readonly name?: string
  /** Default `indexedDb()`, as for the client. A session in memory cannot be seen from here. */
  readonly storage?: TokenStorage
  /** The page that the authorization server opened. Default: this one. */
  readonly page?: Window
}

export type FrontChannelLogoutResult =
  | { readonly signedOut: true }
  | { readonly signedOut: false; readonly reason: FrontChannelRefusal }

export type FrontChannelRefusal =
  /** Nobody is signed in here, or the browser keeps the session from a frame on another site (storage partitioning). */
  | 'no_session'
  /** `iss` or `sid` alone, or twice. */
  | 'invalid_request'
  /** `iss` is another issuer. */
  | 'issuer_mismatch'
  /** `sid` is another session: the one that is signed in now stays. */
  | 'session_mismatch'
  /** Neither `iss` and `sid`, nor a page of the issuer around this one, tells that the server asks. */
  | 'unknown_caller'

/**
 * For the page that the authorization server opens in a hidden frame (`frontchannel_logout_uri`) when the person signs out there:
 * ends the session in this browser, in all tabs. Tokens are not revoked, that is the server's own matter.
 *
 * Anybody can open this page in a frame. So `iss` and `sid` must be those of the stored session (register the client with
 * `frontchannel_logout_session_required`). A server that sends neither is believed only when the browser itself says that the page
 * around this one is the issuer's: a server that signs out on another origin, or hides it from `Referer` in a browser without
 * `ancestorOrigins`, needs `iss` and `sid`.
 *
 * Browsers that keep storage apart by the site in the address bar show this page an empty storage unless app and server are on one
 * site (`app.example.com` and `id.example.com`): the result is `no_session` then, and the app hears of the sign-out no other way
 * than by its refresh token. Serve the page with `Cache-Control: no-store`, and let the server frame it.
 *
 * @returns whether the session was ended, and why not; never rejects for what a request says
 * @see OpenID Connect Front-Channel Logout 1.0, section 3
 * @example
 * import { handleFrontChannelLogout } from '@latchkey/core/front-channel-logout'
 * await handleFrontChannelLogout({ issuer: 'https://id.example.com', clientId: 'spa' })
 */
export async function handleFrontChannelLogout(options: FrontChannelLogoutOptions): Promise<FrontChannelLogoutResult> {
  const page = options.page ?? window
  const key = clientKey(options.issuer, options.clientId, options.name)
  const storage = options.storage ?? indexedDb()
  const environment = currentEnvironment()
  const { records } = createRecordStore({
    storage,
    now: environment.now,
    // If the storage fails, there is no session and no app to notify.
    onError: () => undefined,
    loadMigrations: async () => migrations,
  })
  const sessionKey = `latchkey/${key}/session`
  const refusedFor = await endStored(records, sessionKey, (tokenSet) => refusal(page, options.issuer, tokenSet))
  if (refusedFor) return { signedOut: false, reason: refusedFor }
  const tabs = createTabChannel(openQuietly(environment, sessionKey), () => undefined)
  tabs.send('session-cleared')
  // Closing the channel at once would drop the message.
  setTimeout(() => tabs.close(), 1000)
  return { signedOut: true }
}

/** Deletes what was judged and nothing else: a refresh in another tab may have put another record there, which is judged again. */
async function endStored(
  records: RecordStore,
  key: string,
  judge: (tokenSet: TokenSet) => FrontChannelRefusal | undefined,
): Promise<FrontChannelRefusal | undefined> {
  let reason: FrontChannelRefusal | undefined = 'no_session'
  for (;;) {
    const record = await records.read(key)
    if (!record || record === 'unreadable') return reason
    reason = judge(record.value as TokenSet)
    if (reason) return reason
    await records.take(key, record.revision)
  }
}

/** @see OpenID Connect Front-Channel Logout 1.0, section 2: "If either is included, both MUST be." */
function refusal(page: Window, issuer: string, { claims }: TokenSet): FrontChannelRefusal | undefined {
  const query = new URLSearchParams(page.location.search)
  const [iss, sid] = [query.getAll('iss'), query.getAll('sid')]
  if (iss.length !== sid.length || iss.length > 1) return 'invalid_request'
  if (iss[0] !== undefined && iss[0] !== issuer) return 'issuer_mismatch'
  const ownSid = claims?.['sid']
  if (sid[0] !== undefined && typeof ownSid === 'string') return sid[0] === ownSid ? undefined : 'session_mismatch'
  return originAround(page) === new URL(issuer).origin ? undefined : 'unknown_caller'
}

/** Whose page this one is framed by. `ancestorOrigins` is the browser's word; a `Referer` can be left out, but not forged. */
function originAround(page: Window): string | undefined {
  if (page.parent === page) return undefined
  const { ancestorOrigins } = page.location
  if ((ancestorOrigins as DOMStringList | undefined) !== undefined) return ancestorOrigins[0]
  const { referrer } = page.document
  return URL.canParse(referrer) ? new URL(referrer).origin : undefined
}
