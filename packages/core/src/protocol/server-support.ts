import { ConfigurationError } from '../errors.js'
import type { ServerMetadata } from '../server-metadata.js'

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
  const prompts = metadata['prompt_values_supported']
  for (const prompt of query.get('prompt')?.split(' ') ?? []) {
    check(Array.isArray(prompts) ? prompts : undefined, prompt, 'prompt')
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

const unreadableModes: ReadonlyMap<string, string> = new Map([
  ['form_post', 'The answer is posted to a server; a page in the browser cannot read it. Use "query" or "fragment".'],
  ['form_post.jwt', 'The answer is posted to a server; a page in the browser cannot read it. Use "query.jwt" or "fragment.jwt".'],
  [
    'web_message',
    'Answers by postMessage need a live opener, which browsers cut (COOP). Use transport "popup" or "iframe" with "query".',
  ],
])

function refuseUnreadableMode(mode: string | undefined): void {
  const reason = unreadableModes.get(mode ?? '')
  if (reason !== undefined) {
    throw unsupported(
      `the response mode "${mode}" cannot be used in a browser`,
      reason,
      'OAuth 2.0 Form Post Response Mode, section 2',
    )
  }
}

function unsupported(message: string, hint: string, spec: string): ConfigurationError {
  return new ConfigurationError('unsupported', message, { hint, spec })
}
