import type { ServerContext } from '../options/server-context.js'
import type { ClientRecord } from '../storage/client-record.js'
import { digest } from '../storage/digest.js'
import type { ConsentParts } from './consent-parts.js'

/** A user, and the client that the user may have agreed to. */
interface ConsentTarget {
  readonly userId: string
  readonly client: ClientRecord
  /** The registered redirect URI of the request. */
  readonly redirectUri: string
}

/** What a user agreed to, for a client as it was then. */
export interface Consent extends ConsentTarget {
  readonly parts: Omit<ConsentParts, 'authorizationDetails'>
  /** Whether a token is in the response, and so in the URL. */
  readonly isTokenInUrl: boolean
}

/** Consent to a client at one host. */
interface StoredConsent {
  /** The name that the user saw. */
  readonly clientName?: string | undefined
  /** The redirect URIs at this host that the client had registered. */
  readonly redirectUris: readonly string[]
  /** When the consent to each item expires, in milliseconds since the epoch; null: never. */
  readonly items: Readonly<Record<string, number | null>>
}

type ConsentServer = Pick<ServerContext, 'stores' | 'now'>

/** Tells whether the user consented before to all of it, and to the same client: its name and its redirect URI. */
export async function hasConsented(server: ConsentServer, consent: Consent): Promise<boolean> {
  const known = await findConsent(server, consent)
  return (
    known !== undefined &&
    known.redirectUris.includes(consent.redirectUri) &&
    itemsOf(consent).every((item) => Object.hasOwn(known.items, item))
  )
}

/** Tells whether the user has consented to anything of this client at this redirect URI, and the consent has not expired. */
export async function isKnownClient(server: ConsentServer, target: ConsentTarget): Promise<boolean> {
  const known = await findConsent(server, target)
  return known !== undefined && known.redirectUris.includes(target.redirectUri) && Object.keys(known.items).length > 0
}

/** Adds to what the user has consented to. What was agreed to for another name of the client is forgotten. */
export async function rememberConsent(
  server: ConsentServer & Pick<ServerContext, 'consentLifetime'>,
  consent: Consent,
): Promise<void> {
  const { consentLifetime } = server
  if (consentLifetime === 0) return
  const { client, redirectUri } = consent
  const expiresAt = consentLifetime === undefined ? undefined : server.now() + consentLifetime * 1000
  const known = await findConsent(server, consent)
  // What was agreed to before this redirect URI existed is not for it.
  const former = known?.redirectUris.includes(redirectUri) ? known.items : {}
  const here = client.redirectUris.filter((uri) => hostOf(uri) === hostOf(redirectUri))
  const stored: StoredConsent = {
    clientName: client.clientName,
    redirectUris: [...new Set([...here, redirectUri])],
    items: {
      ...former,
      ...Object.fromEntries(itemsOf(consent).map((item) => [item, expiresAt ?? null])),
    },
  }
  await server.stores.state.set(await key(consent), stored, expiresAt)
}

/** Returns the consent that has not expired and was given to a client of this name. */
async function findConsent(server: ConsentServer, consent: ConsentTarget): Promise<StoredConsent | undefined> {
  const stored = await server.stores.state.get<StoredConsent>(await key(consent))
  // A store may read an absent member as null.
  if (!stored || (stored.clientName ?? undefined) !== consent.client.clientName) return undefined
  const valid = Object.entries(stored.items).filter(([, expiresAt]) => expiresAt === null || expiresAt > server.now())
  return { ...stored, items: Object.fromEntries(valid) }
}

/** Scope is agreed to for the resources where it is valid; without any, it is valid everywhere. */
function itemsOf({ parts, isTokenInUrl }: Consent): readonly string[] {
  const { scope, resources, individualClaims } = parts
  const { idToken, userInfo } = individualClaims
  const places = resources.length === 0 ? [null] : resources
  const items = [
    ...places.flatMap((place) => [['resource', place], ...scope.map((name) => ['scope', place, name])]),
    ...idToken.map((name) => ['id_token', name]),
    ...userInfo.map((name) => ['userinfo', name]),
    ...(isTokenInUrl ? [['response', 'token']] : []),
  ]
  return items.map((item) => JSON.stringify(item))
}

async function key({ userId, client, redirectUri }: ConsentTarget): Promise<string> {
  return `consent:${await digest(JSON.stringify([userId, client.clientId, hostOf(redirectUri)]))}`
}

/** What the consent page shows of a redirect URI. */
function hostOf(uri: string): string {
  const { protocol, host } = new URL(uri)
  return `${protocol}//${host}`
}
