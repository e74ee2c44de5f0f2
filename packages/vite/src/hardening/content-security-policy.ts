import { originOf, type PageNeeds } from './read-page.js'

/** What a policy is made of. */
export interface PolicyParts {
  readonly pages: readonly PageNeeds[]
  /** The texts of the style sheets. */
  readonly stylesheets: readonly string[]
  /** Vite's `base`, which may be the URL of a CDN. */
  readonly base: string
  readonly issuer: string | undefined
  /** Where access tokens may be sent. */
  readonly resources: readonly string[]
  /** The option `hardening.sources`. */
  readonly sources: Readonly<Record<string, readonly string[]>>
}

/**
 * Returns the policy of a build. Silent sign-in shows the authorization server, then the app's own page, in a frame: so `frame-src` names
 * both, and the app may frame itself.
 *
 * @see Content Security Policy Level 3; Trusted Types, section 4.4
 */
export function contentSecurityPolicy(parts: PolicyParts): string {
  const { pages, base, issuer, resources } = parts
  const policy = new Map<string, Set<string>>()
  const allow = (directive: string, ...values: ReadonlyArray<string | undefined>): void => {
    const known = policy.get(directive) ?? new Set<string>()
    for (const value of values) if (value !== undefined) known.add(value)
    policy.set(directive, known)
  }
  const server = issuer === undefined ? undefined : originOf(issuer)
  const cdn = originOf(base)
  allow('default-src', "'self'")
  allow('script-src', "'self'", cdn, ...pages.flatMap(({ scripts }) => scripts))
  allow('style-src', "'self'", cdn, ...pages.flatMap(({ styles }) => styles))
  allow('img-src', "'self'", 'data:', cdn)
  allow('font-src', "'self'", 'data:', cdn)
  allow('connect-src', "'self'", server, ...resources.map(originOf))
  allow('frame-src', "'self'", server)
  allow('worker-src', "'self'")
  allow('form-action', "'self'")
  allow('frame-ancestors', "'self'")
  allow('base-uri', "'self'")
  for (const [directive, origin] of pages.flatMap(({ origins }) => origins))
    allow(directive, ...orSelf(directive, policy), origin)
  for (const origin of parts.stylesheets.flatMap(originsInStyles)) {
    allow('img-src', origin)
    allow('font-src', origin)
  }
  for (const [directive, values] of Object.entries(parts.sources)) allow(directive, ...orSelf(directive, policy), ...values)
  const lines = [...policy].map(([directive, values]) => `${directive} ${[...values].join(' ')}`)
  return [...lines, "object-src 'none'", "require-trusted-types-for 'script'"].join('; ')
}

/** A directive that is added replaces `default-src` for what it concerns. */
function orSelf(directive: string, policy: ReadonlyMap<string, unknown>): readonly string[] {
  return policy.has(directive) ? [] : ["'self'"]
}

/** `@import` and `url()` of a style sheet. */
function originsInStyles(text: string): readonly string[] {
  const urls = [...text.matchAll(/(?:url\(\s*|@import\s*)["']?([^"')\s]+)/g)].map(([, url = '']) => originOf(url))
  return urls.filter((url) => url !== undefined)
}
