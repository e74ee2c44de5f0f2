import { type Credentials, createOAuth1Client } from '@latchkey/oauth1'
import type { Explanation } from '../faults/explanation.js'
import type { Mark } from './base-string-view.js'
import { type Exchange, exchange } from './exchange.js'
import { API_PATH } from './demo-provider.js'
import { clientOptions, type Settings } from './settings.js'

/** What an attacker does to a signed request on its way. */
export interface Tampering {
  readonly label: string
  /** The part that the page marks: `method`, `uri` or the name of a parameter. */
  readonly part: string
  /** What the mark says. Default: `changed`. */
  readonly mark?: string
  /** What the API requires. Default: that the signature is the one of the request as it arrives. */
  readonly expected?: string
  /** What arrived instead. */
  readonly received: string
  /** The section that requires it. Default: that of the signature. */
  readonly rule?: string
  readonly withoutCheck: string
  readonly alter: (request: Request) => Request | Promise<Request>
  /** Sends the request once before. */
  readonly isReplay?: boolean
  /** Needs a form. */
  readonly isForm?: boolean
  /** Seconds between the signature and the delivery. */
  readonly delay?: number
}

/** All tamperings, in the order of the page. */
export const tamperings = {
  method: {
    label: 'Method',
    part: 'method',
    received: 'the signature of another method',
    withoutCheck: 'A request that reads the photos could be turned into one that deletes them.',
    alter: (request) => altered(request, { method: 'DELETE' }),
  },
  host: {
    label: 'Host',
    part: 'uri',
    mark: 'another host',
    received: 'the signature of a request for another host',
    withoutCheck: 'A request for one API could be sent to another one that accepts the same tokens.',
    alter: withUrl((url) => (url.hostname = url.hostname === 'localhost' ? '127.0.0.1' : 'localhost')),
  },
  port: {
    label: 'Port',
    part: 'uri',
    mark: 'another port',
    received: 'the signature of a request for another port',
    withoutCheck: 'A request could be sent to another service on the same host, such as a test system.',
    alter: withUrl((url) => (url.port = url.port === '8001' ? '8002' : '8001')),
  },
  path: {
    label: 'Path',
    part: 'uri',
    mark: 'was /photos',
    received: 'the signature of a request for /photos',
    withoutCheck: 'A request for the shared photos could fetch the private ones.',
    alter: withUrl((url) => (url.pathname = url.pathname.replace('/photos', '/photos/private'))),
  },
  query: {
    label: 'Query parameter',
    part: 'album',
    mark: 'was summer',
    received: 'the signature of a request for album=summer',
    withoutCheck: 'A request for one album could fetch all of them.',
    alter: withUrl((url) => (url.search = url.search.replace('album=summer', 'album=all'))),
  },
  form: {
    label: 'Form field',
    part: 'title',
    mark: 'was Sunset',
    received: 'the signature of a form with title=Sunset',
    withoutCheck: 'A title that the user has not typed could be stored in their name.',
    isForm: true,
    alter: async (request) => altered(request, { body: (await request.text()).replace('title=Sunset', 'title=Spam') }),
  },
  consumerKey: {
    label: 'oauth_consumer_key',
    part: 'oauth_consumer_key',
    expected: 'a consumer key that the API knows, and its signature',
    received: 'the consumer key of another app',
    withoutCheck: 'One app could send requests in the name of another.',
    alter: (request) => withParameter(request, 'oauth_consumer_key', () => 'another-app'),
  },
  signatureMethod: {
    label: 'oauth_signature_method',
    part: 'oauth_signature_method',
    received: 'the name of another method than the app used',
    withoutCheck: 'An attacker could choose the weakest method that the server knows.',
    alter: (request) =>
      withParameter(request, 'oauth_signature_method', (value) => (value === 'HMAC-SHA1' ? 'HMAC-SHA256' : 'HMAC-SHA1')),
  },
  version: {
    label: 'oauth_version',
    part: 'oauth_version',
    mark: 'was 1.0',
    expected: '“1.0” as the version',
    received: 'oauth_version=2.0',
    rule: 'RFC 5849, section 3.1',
    withoutCheck: 'A server could read the request by the rules of another version than the app signed.',
    alter: (request) => withParameter(request, 'oauth_version', () => '2.0'),
  },
  nonce: {
    label: 'oauth_nonce',
    part: 'oauth_nonce',
    received: 'another nonce than the app signed',
    withoutCheck: 'A recorded request could be sent any number of times, each time with another nonce.',
    alter: (request) => withParameter(request, 'oauth_nonce', () => 'another-nonce'),
  },
  timestamp: {
    label: 'oauth_timestamp (ten minutes old)',
    part: 'oauth_timestamp',
    mark: 'ten minutes old',
    expected: 'a time close to that of the API',
    received: 'a time ten minutes ago',
    rule: 'RFC 5849, section 3.3',
    withoutCheck: 'The server would have to store every nonce without expiry to recognize an old recording.',
    delay: 600,
    alter: (request) => request,
  },
  token: {
    label: 'oauth_token',
    part: 'oauth_token',
    expected: 'a token that the API knows, and the signature with its secret',
    received: 'the token of another user',
    withoutCheck: 'The app could read the photos of any user whose token it has seen, without that token’s secret.',
    alter: (request) => withParameter(request, 'oauth_token', () => 'token-of-another-user'),
  },
  signature: {
    label: 'oauth_signature',
    part: 'oauth_signature',
    received: 'a signature with another first character',
    withoutCheck: 'Anyone who knows the consumer key and a token could send requests in the user’s name.',
    alter: (request) =>
      withParameter(request, 'oauth_signature', (value) => (value.startsWith('A') ? 'B' : 'A') + value.slice(1)),
  },
  replay: {
    label: 'Replay of the last request',
    part: 'oauth_nonce',
    mark: 'used before',
    expected: 'a nonce that this token has not used before',
    received: 'a nonce that was used before',
    rule: 'RFC 5849, section 3.3',
    withoutCheck: 'Anyone who has recorded a request could repeat it, for example a payment.',
    isReplay: true,
    alter: (request) => request,
  },
} as const satisfies Readonly<Record<string, Tampering>>

/** @returns what the page says about a tampering */
export function explanationOf(name: TamperingName): Explanation {
  const {
    expected = 'the signature of exactly this request',
    received,
    rule = 'RFC 5849, section 3.2',
    withoutCheck,
  }: Tampering = tamperings[name]
  return { expected, received, rule, withoutCheck }
}

/** The name of a tampering. */
export type TamperingName = keyof typeof tamperings

/** What arrived, and what the API responded. */
export interface TamperedExchange {
  readonly name: TamperingName
  readonly sent: Exchange
  readonly mark: Mark
}

/** Returns a request to the API: by POST with a form, if the parameters stand there. */
export function photoRequest({ placement }: Settings, isForm = false): Request {
  const url = `${location.origin}${API_PATH}/photos?album=summer`
  if (!isForm && placement !== 'body') return new Request(url)
  return new Request(url, { method: 'POST', body: new URLSearchParams({ title: 'Sunset' }) })
}

/** Signs a request, alters it and sends it. */
export async function tamper(name: TamperingName, settings: Settings, token: Credentials): Promise<TamperedExchange> {
  const { isForm, isReplay, delay = 0, alter, part, mark = 'changed' }: Tampering = tamperings[name]
  let result: TamperedExchange | undefined
  const client = createOAuth1Client({
    ...clientOptions(settings),
    token,
    now: () => Date.now() - delay * 1000,
    fetch: async (input, init) => {
      const request = new Request(input, init)
      if (isReplay) await exchange(request.clone())
      const sent = await exchange(await alter(request))
      result = { name, sent, mark: { part, label: mark } }
      return new Response(sent.body, { status: sent.status })
    },
  })
  try {
    await client.fetch(photoRequest(settings, isForm))
  } finally {
    await client.close()
  }
  if (!result) throw new Error('The request was not sent.')
  return result
}

interface Alteration {
  readonly method?: string
  readonly url?: string
  readonly body?: string
}

async function altered(request: Request, { method = request.method, url = request.url, body }: Alteration): Promise<Request> {
  const { headers } = request
  const hasBody = method !== 'GET' && request.headers.has('content-type')
  return new Request(url, { method, headers, ...(hasBody && { body: body ?? (await request.text()) }) })
}

/** Sends a request to another URL. */
function withUrl(change: (url: URL) => void): Tampering['alter'] {
  return (request) => {
    const url = new URL(request.url)
    change(url)
    return altered(request, { url: url.href })
  }
}

/** Replaces a parameter where it stands: in the header, the query or the form body. */
async function withParameter(request: Request, name: string, replace: (value: string) => string): Promise<Request> {
  const pattern = new RegExp(`(${name}="?)([^"&,]*)`)
  const inText = (text: string): string =>
    text.replace(pattern, (_, before: string, value: string) => before + encodeURIComponent(replace(decodeURIComponent(value))))
  const { method, headers } = request
  const body = headers.has('content-type') ? inText(await request.text()) : undefined
  const copy = new Request(inText(request.url), { method, headers, ...(body !== undefined && { body }) })
  const header = headers.get('authorization')
  if (header !== null) copy.headers.set('authorization', inText(header))
  return copy
}
