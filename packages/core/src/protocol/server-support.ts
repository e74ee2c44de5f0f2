import type { ClientOptions } from '../client-options.js'
import { ConfigurationError } from '../errors.js'
import type { ServerMetadata } from '../server-metadata.js'
import { isJsonObject } from './json-response.js'

/**
 * Refuses a request that the server's own metadata says it cannot answer: better an error that says so here than a page of the
 * server's that does not. What the metadata is silent about is allowed.
 *
 * @throws ConfigurationError unsupported
 * @see RFC 8414, section 2
 */
export function checkServerSupport(metadata: ServerMetadata, query: URLSearchParams): void {
  const mode = query.get('response_mode') ?? undefined
  refuseUnreadableMode(mode)
  const responseTypes = metadata.response_types_supported?.map(sortedWords)
  const responseType = query.get('response_type')
  check(responseTypes, responseType === null ? undefined : sortedWords(responseType), 'response type')
  check(metadata.response_modes_supported, mode, 'response mode')
  check(metadata.code_challenge_methods_supported, query.get('code_challenge_method') ?? undefined, 'PKCE method')
  checkAuthorizationDetails(metadata, query.get('authorization_details'))
  const prompts = metadata['prompt_values_supported']
  for (const prompt of query.get('prompt')?.split(' ') ?? []) {
    check(Array.isArray(prompts) ? prompts : undefined, prompt, 'prompt')
  }
}

/** Whether the parameters are pushed to the server: when the app says so, else when the server demands it. @see RFC 9126, section 5 */
export function isPushed(par: boolean | undefined, metadata: ServerMetadata): boolean {
  return par ?? metadata.require_pushed_authorization_requests === true
}

/** Whether the parameters travel in another way than in the URL. @throws ConfigurationError unsupported */
export function isCarried({ par, requestObject }: ClientOptions, metadata: ServerMetadata): boolean {
  const isSigned = requestObject !== undefined
  refuse(
    par === true && metadata.pushed_authorization_request_endpoint === undefined,
    'has no pushed authorization request endpoint',
    'RFC 9126, section 5',
  )
  refuse(
    metadata['require_signed_request_object'] === true && !isSigned,
    'takes signed requests only: give "requestObject"',
    'RFC 9101, section 10.5',
  )
  refuse(
    isSigned && !requestObject.publish && metadata['request_parameter_supported'] === false,
    'takes no request objects',
    'RFC 9101, section 10.5',
  )
  return isSigned || isPushed(par, metadata)
}

function refuse(isUnsupported: boolean, what: string, spec: string): void {
  if (isUnsupported) {
    throw unsupported(`the server ${what}`, 'Its metadata says so: change the options of the client, or the server.', spec)
  }
}

function checkAuthorizationDetails(metadata: ServerMetadata, details: string | null): void {
  const types = metadata['authorization_details_types_supported']
  if (details !== null && Array.isArray(types)) {
    const asked: unknown = JSON.parse(details)
    for (const one of Array.isArray(asked) ? asked.filter(isJsonObject) : []) {
      check(types, String(one['type']), 'authorization details type')
    }
  }
}

function check(supported: readonly unknown[] | undefined, asked: string | undefined, what: string): void {
  if (asked !== undefined && supported && !supported.includes(asked)) {
    throw unsupported(
      `the server does not support the ${what} "${asked}"`,
      `Its metadata lists: ${supported.join(', ') || 'none'}. Choose one of these, or turn it on at the server.`,
      'RFC 8414, section 2',
    )
  }
}

/** Response types are sets of words: the order does not count. */
function sortedWords(responseType: string): string {
  return responseType.split(' ').toSorted().join(' ')
}

interface RefusedMode {
  readonly what: string
  readonly hint: string
  readonly spec: string
}

const posted = {
  what: 'cannot be used in a browser',
  hint: 'The answer is posted to a server; a page in the browser cannot read it. Use "query", "fragment" or their "jwt" variants.',
  spec: 'OAuth 2.0 Form Post Response Mode, section 2',
}

const refusedModes: ReadonlyMap<string, RefusedMode> = new Map([
  ['form_post', posted],
  ['form_post.jwt', posted],
  [
    'web_message',
    {
      what: 'is not taken',
      hint: 'Answers by postMessage need a live opener, which servers cut (COOP). Use transport "popup" or "iframe" with "query".',
      spec: 'OAuth 2.0 Web Message Response Mode (draft-sakimura-oauth-wmrm-01)',
    },
  ],
])

function refuseUnreadableMode(mode: string | undefined): void {
  const refused = refusedModes.get(mode ?? '')
  if (refused) {
    throw unsupported(`the response mode "${mode}" ${refused.what}`, refused.hint, refused.spec)
  }
}

function unsupported(message: string, hint: string, spec: string): ConfigurationError {
  return new ConfigurationError('unsupported', message, { hint, spec })
}
