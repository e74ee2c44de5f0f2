import {
  type EncodedParameter,
  formParameters,
  isForm,
  readForm,
  type SignatureBase,
  signatureBase,
} from '@latchkey/oauth1/signature'
import { RECEIVED_AT } from './demo-provider.js'
import { experimentFetch } from '../network-log/logging-fetch.js'

/** One signed request and its response. */
export interface Exchange {
  readonly request: SignedRequest
  readonly status: number
  readonly body: string
}

/** A signed request, taken apart. */
export interface SignedRequest {
  readonly method: string
  readonly url: string
  /** The form body. */
  readonly form: string | undefined
  /** Where the `oauth_…` parameters stand, in words. */
  readonly place: string
  /** The `oauth_…` parameters, decoded. */
  readonly parameters: ReadonlyArray<readonly [name: string, value: string]>
  /** What the server computes the signature of. */
  readonly base: SignatureBase
}

/** Sends a request, and returns it with its response. */
export async function exchange(request: Request): Promise<Exchange> {
  const signed = await readSigned(request)
  const response = await experimentFetch(await atThisHost(request))
  return { request: signed, status: response.status, body: await response.text() }
}

/** Creates a `fetch` that reports each exchange. Passed to a client as its `fetch`. */
export function reportingFetch(report: (exchange: Exchange) => void): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init)
    const signed = await readSigned(request)
    const response = await experimentFetch(request)
    report({ request: signed, status: response.status, body: await response.clone().text() })
    return response
  }
}

/** Sends a request to another host or port to the demo API, which verifies it as that host would. */
async function atThisHost(request: Request): Promise<Request> {
  const { origin, pathname, search } = new URL(request.url)
  if (origin === location.origin) return request
  const { method, headers } = request
  const body = headers.has('content-type') ? await request.text() : undefined
  const copy = new Request(location.origin + pathname + search, { method, headers, ...(body !== undefined && { body }) })
  copy.headers.set(RECEIVED_AT, origin)
  return copy
}

/** Takes a signed request apart. The request stays usable. */
export async function readSigned(request: Request): Promise<SignedRequest> {
  const url = new URL(request.url)
  const form = isForm(request.headers) ? readForm(await request.clone().arrayBuffer()) : undefined
  const header = readHeader(request.headers.get('authorization') ?? '')
  const places = [
    { place: 'in the Authorization header', parameters: header },
    { place: 'in the query of the URL', parameters: ownParameters(url.search.slice(1)) },
    { place: 'in the form body', parameters: ownParameters(form ?? '') },
  ]
  const { place = 'nowhere', parameters = [] } = places.find((candidate) => candidate.parameters.length > 0) ?? {}
  const base = signatureBase({
    method: request.method,
    url,
    form,
    parameters: header.filter(([name]) => name !== 'oauth_signature'),
  })
  return { method: request.method, url: request.url, form, place, parameters, base }
}

/** @see RFC 5849, section 3.5.1 */
function readHeader(header: string): ReadonlyArray<readonly [string, string]> {
  return Array.from(header.matchAll(/(oauth_\w+)="([^"]*)"/g), ([, name = '', value = '']) => [name, decodeURIComponent(value)])
}

function ownParameters(text: string): ReadonlyArray<readonly [string, string]> {
  return formParameters(text)
    .filter(([name]) => name.startsWith('oauth_'))
    .map(decoded)
}

/** Returns name and value as a reader knows them. */
export function decoded([name, value]: EncodedParameter): readonly [string, string] {
  return [decodeURIComponent(name), decodeURIComponent(value)]
}
