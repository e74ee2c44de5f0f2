import { parseUrl } from '../platform/parse-url.js'
import { createError } from '../errors/create-error.js'
import { type OptionNames, refuseOtherKind, refuseUnknownOptions } from '../errors/unknown-options.js'
import { contextOf, type StandaloneClient, withTypedErrors } from '../grants/grant-subject.js'
import { IS_DEVELOPMENT } from '../platform/is-development.js'
import { isRecord } from '../platform/is-record.js'
import { type JsonObject, sendToEndpoint } from '../protocol/endpoint-request.js'
import { secureUrl } from '../protocol/endpoint-url.js'
import { readJsonObject } from '../protocol/read-json-object.js'
import type { Purpose } from '../protocol/purpose.js'

/** Options of {@link discoverIssuer}. */
export type IssuerDiscoveryOptions = Pick<StandaloneClient, 'fetch' | 'timeout' | 'environment' | 'allowPlainHttp'> & {
  readonly signal?: AbortSignal | undefined
}

const OPTIONS: OptionNames<IssuerDiscoveryOptions> = {
  fetch: 'function',
  timeout: 'number',
  environment: 'object',
  allowPlainHttp: 'boolean',
  signal: 'signal',
}

const RELATION = 'http://openid.net/specs/connect/1.0/issuer'

const WEBFINGER: Purpose = {
  name: 'WebFinger endpoint',
  invalid: 'invalid_metadata',
  refused: 'invalid_metadata',
  spec: 'OpenID Connect Discovery 1.0, section 2; RFC 7033',
}

/**
 * Finds the issuer of a user by WebFinger, from what the user typed: an e-mail address, a URL or a host.
 *
 * @returns the issuer URL, for the option `issuer` and the identifier for `loginHint`
 * @throws ConfigurationError for what is no identifier; ValidationError invalid_metadata; NetworkError
 * @see OpenID Connect Discovery 1.0, section 2; RFC 7033, section 4
 */
export function discoverIssuer(identifier: string, options: IssuerDiscoveryOptions = {}): Promise<string> {
  return withTypedErrors(async () => {
    if (IS_DEVELOPMENT) refuseUnknownOptions('discoverIssuer()', options, OPTIONS)
    refuseOtherKind('discoverIssuer()', 'identifier', [identifier, 'string', 'required'])
    const { signal, ...seams } = options
    const context = contextOf({ ...seams, clientId: 'none' })
    const resource = normalized(identifier)
    const host = hostOf(resource)
    const url = secureUrl(`https://${host}/.well-known/webfinger`, '"identifier"', context)
    url.searchParams.set('resource', resource)
    url.searchParams.set('rel', RELATION)
    const headers = { accept: 'application/jrd+json, application/json' }
    const response = await sendToEndpoint(context, url.href, { headers }, { purpose: WEBFINGER, signal })
    const issuer = issuerIn(await readJsonObject(response, WEBFINGER))
    secureUrl(issuer, 'the issuer in the WebFinger response', { options: context.options, code: 'invalid_metadata' })
    // Issuers are compared character for character, so it is not normalized.
    return String(issuer)
  })
}

/** @see OpenID Connect Discovery 1.0, section 2.1.2 */
function normalized(identifier: string): string {
  const text = identifier.trim()
  if (/^(?:https|acct):/i.test(text)) return text.split('#', 1)[0] ?? ''
  return /^[^/?#]+@[^/?#@]+$/.test(text) ? `acct:${text}` : `https://${text.split('#', 1)[0]}`
}

function hostOf(resource: string): string {
  const host = resource.startsWith('acct:') ? resource.slice(resource.lastIndexOf('@') + 1) : resource.replace(/^https:\/\//i, '')
  const address = `https://${host.split(/[/?#]/, 1)[0]}/`
  const url = address.includes('@') ? undefined : parseUrl(address)
  if (url) return url.host
  throw createError('configuration', 'The identifier is not an e-mail address, a URL or a host.', {
    hint: 'Pass what the user typed, such as ada@example.com.',
    spec: 'OpenID Connect Discovery 1.0, section 2.1',
  })
}

function issuerIn({ links }: JsonObject): unknown {
  const all: readonly unknown[] = Array.isArray(links) ? links : []
  const link = all.filter(isRecord).find(({ rel }) => rel === RELATION)
  if (link) return link['href']
  throw createError('invalid_metadata', 'The WebFinger response names no issuer.', {
    hint: 'The host must serve a link with the relation of OpenID Connect; otherwise give "issuer".',
    spec: WEBFINGER.spec,
  })
}
