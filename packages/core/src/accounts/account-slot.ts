import type { ClientOptions } from '../client/client-options.js'
import type { OAuthClient } from '../client/client.js'
import { createOAuthClient } from '../client/create-client.js'
import { type ClientInternals, internalsOf } from '../client/internals.js'
import { type ClientConfig, clientKey } from '../client/resolve-options.js'
import type { UserClaims } from '../protocol/claims.js'
import { registerInternals } from '../protocol/client-registry.js'
import type { TokenSet, TokenSetReason } from '../protocol/token-set.js'
import { isOwnCallback } from '../sign-in/response-url.js'
import type { LoginOptions } from '../sign-in/sign-in-options.js'
import { TabStorage } from '../storage/tab-storage.js'

/** How many clients there can be: so many more than accounts that two tabs hardly ever choose the same free one. */
export const SLOTS = 256

/** One client, which has the session of at most one account. */
export interface AccountSlot {
  readonly slot: number
  /** What the app gets. The accounts start and close it. */
  readonly client: OAuthClient<unknown>
  /** The client itself. */
  readonly own: OAuthClient<unknown>
  readonly internals: ClientInternals
  /** The sign-in that `add` has begun. */
  request: PendingRequest | undefined
  /** Its next session is that of a further account, which becomes the active one. */
  isAdded: boolean
  /** What follows its last sign-in. */
  settled?: Promise<void> | undefined
}

/** A sign-in that `add` has begun. */
export interface PendingRequest {
  /** Settles when the place is reserved for all tabs. */
  readonly reserved: Promise<unknown>
  /** The app has not chosen the `prompt`. */
  readonly hasDefaultPrompt: boolean
}

/** What a slot needs of the accounts. */
export interface SlotOwner {
  readonly start: () => Promise<void>
  /** Called before a token set is stored. @throws if the slot may not have it */
  readonly claim: (slot: AccountSlot, tokenSet: TokenSet, reason: TokenSetReason) => Promise<void>
}

/** Creates the client of a slot. It does nothing before it is started. */
export function createSlot(slot: number, options: ClientOptions, owner: SlotOwner): AccountSlot {
  const own = createOAuthClient<unknown>({
    ...options,
    name: slotName(options.name, slot),
    onTokenSet: async (tokenSet, ...change) => {
      await owner.claim(made, tokenSet, change[0])
      await options.onTokenSet?.(tokenSet, ...change)
    },
    compliance: {
      ...options.compliance,
      authorizationRequest: async (url) => {
        await made.request?.reserved
        const chosen = made.request?.hasDefaultPrompt ? await withSupportedPrompt(made.internals, url) : url
        return (await options.compliance?.authorizationRequest?.(chosen)) ?? chosen
      },
    },
  })
  const internals = internalsOf(own)
  const made: AccountSlot = { slot, own, internals, client: appClient(own, owner), request: undefined, isAdded: false }
  registerInternals(made.client, internals)
  return made
}

/** A component that unmounts must not end the requests and timers of an account. */
const stayOpen = async (): Promise<void> => undefined

/** What the app gets of a client. */
function appClient(own: OAuthClient<unknown>, { start }: SlotOwner): OAuthClient<unknown> {
  const login: OAuthClient['login'] = (options) => own.login(withHint(own, options))
  return { ...own, start, login, close: stayOpen, [Symbol.asyncDispose]: stayOpen }
}

/** Names the user of the account: the server may have the session of another one. */
function withHint(own: OAuthClient<unknown>, options: LoginOptions | undefined): LoginOptions | undefined {
  const { claims } = own.getTokenSet() ?? {}
  const { login_hint: hint, email, preferred_username: name }: UserClaims = claims ?? {}
  const loginHint = [hint, email, name].find((one) => typeof one === 'string')
  const isChosen = [options?.loginHint, options?.idTokenHint, options?.prompt].some((one) => one !== undefined)
  return loginHint === undefined || isChosen ? options : { ...options, loginHint }
}

/**
 * A server that lists its values of `prompt` may refuse others.
 *
 * @see Initiating User Registration via OpenID Connect 1.0, section 4.2
 */
async function withSupportedPrompt({ context }: ClientInternals, url: URL): Promise<URL> {
  const supported = (await context.readServer())?.metadata['prompt_values_supported']
  if (!Array.isArray(supported) || supported.includes(url.searchParams.get('prompt'))) return url
  const changed = new URL(url)
  if (supported.includes('login')) changed.searchParams.set('prompt', 'login')
  else changed.searchParams.delete('prompt')
  return changed
}

/**
 * Chooses a slot for a further account, at random, so that two tabs hardly ever choose the same. The app may still have the client of an
 * account that was signed out: that client must not act as the next user.
 *
 * @param shown slots whose client the app has got as that of an account
 */
export function freeSlot(isFree: (slot: number) => boolean, shown: ReadonlySet<number>): number {
  // The first one has no account, so its session cannot be one that the stored list has not yet.
  const free = [...Array(SLOTS).keys()].filter((slot) => slot > 0 && isFree(slot))
  const unused = free.filter((slot) => !shown.has(slot))
  const choice = unused.length > 0 ? unused : free
  const [random = 0] = crypto.getRandomValues(new Uint32Array(1))
  return choice[random % choice.length] ?? 0
}

/** The first account has the session that a client without accounts has: users stay signed in when an app adds accounts. */
export function slotName(name: string | undefined, slot: number): string | undefined {
  return slot === 0 ? name : JSON.stringify([name ?? null, 'account', slot])
}

/** @returns the slot whose client the response in a URL is for. Synchronous, so that the page is cleaned before anything else happens */
export function slotOfCallback({ issuer, options, environment, redirectUri }: ClientConfig, url: URL): number | undefined {
  const { clientId, name } = options
  for (let slot = 0; slot < SLOTS; slot += 1) {
    const key = clientKey(issuer, clientId, slotName(name, slot))
    const tab = new TabStorage(environment.window, `latchkey/${key}/`)
    if (isOwnCallback({ key, environment, tab, redirectUri }, url)) return slot
  }
  return undefined
}
