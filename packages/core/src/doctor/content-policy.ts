import type { ReceivedReply } from './probes.js'

/** The directives of one Content Security Policy, by their names in lower case. */
export type ContentPolicy = ReadonlyMap<string, readonly string[]>

/** @returns the enforced policies of a page: of its headers and of its `<meta>` elements */
export function policiesOf({ headers, text }: Pick<ReceivedReply, 'headers' | 'text'>): readonly ContentPolicy[] {
  // Several policies are separated by commas; all of them apply (Content Security Policy 3, section 3.1).
  return [...(headers.get('content-security-policy') ?? '').split(','), ...metaPolicies(text)].filter(Boolean).map(parsePolicy)
}

function metaPolicies(html: string): readonly string[] {
  const elements = html.match(/<meta\s[^>]*content-security-policy[^>]*>/gi) ?? []
  return elements.flatMap((element) => {
    const content = /content\s*=\s*(?:"([^"]*)"|'([^']*)')/i.exec(element.replace(/http-equiv\s*=\s*\S+/i, ''))
    return content ? [content[1] ?? content[2] ?? ''] : []
  })
}

function parsePolicy(text: string): ContentPolicy {
  const policy = new Map<string, readonly string[]>()
  for (const directive of text.split(';')) {
    const [name = '', ...sources] = directive.trim().split(/\s+/)
    // The first of a name applies.
    if (name !== '' && !policy.has(name.toLowerCase())) policy.set(name.toLowerCase(), sources)
  }
  return policy
}

/** @returns the directive that forbids the URL, as it reads in the policy; undefined if none does */
export function forbiddingDirective(
  policies: readonly ContentPolicy[],
  names: readonly string[],
  { url, self }: { readonly url: string; readonly self: string },
): string | undefined {
  for (const policy of policies) {
    const name = names.find((one) => policy.has(one))
    const sources = name === undefined ? undefined : policy.get(name)
    if (sources && !sources.some((source) => isMatch(source, new URL(url), new URL(self)))) return [name, ...sources].join(' ')
  }
  return undefined
}

/** @see Content Security Policy 3, section 6.7.2.8 */
function isMatch(source: string, url: URL, self: URL): boolean {
  const text = source.toLowerCase()
  if (text === '*') return /^https?:$/.test(url.protocol)
  if (text === "'self'") return url.origin === self.origin
  if (/^[a-z][a-z0-9+.-]*:$/.test(text)) return isScheme(text, url.protocol)
  const parts = /^(?:([a-z][a-z0-9+.-]*:)\/\/)?([^/:]+|\[[^\]]+\])(?::(\d+|\*))?(\/.*)?$/.exec(source)
  if (!parts) return false
  const [, scheme = self.protocol, host = '', port, path] = parts
  return isScheme(scheme.toLowerCase(), url.protocol) && isHost(host, url.hostname) && isPort(port, url) && isPath(path, url)
}

/** A source with `http` also allows `https`. */
function isScheme(allowed: string, scheme: string): boolean {
  return allowed === scheme || (allowed === 'http:' && scheme === 'https:')
}

function isHost(pattern: string, host: string): boolean {
  const text = pattern.toLowerCase()
  return text.startsWith('*.') ? host.endsWith(text.slice(1)) : text === host
}

function isPort(pattern: string | undefined, { port, protocol }: URL): boolean {
  if (pattern === '*') return true
  const own = port === '' ? (protocol === 'https:' ? '443' : '80') : port
  if (pattern === undefined) return port === ''
  return pattern === own || (pattern === '80' && own === '443')
}

function isPath(pattern: string | undefined, { pathname }: URL): boolean {
  if (pattern === undefined || pattern === '/') return true
  return pattern.endsWith('/') ? pathname.startsWith(pattern) : pathname === pattern
}
