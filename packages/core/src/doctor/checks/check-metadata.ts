import { parseUrl } from '../../platform/parse-url.js'
import { isLoopback } from '../../platform/is-loopback.js'
import type { ServerMetadata } from '../../protocol/server-metadata.js'
import { type Check, type Examination, findingsOf, noteClock } from '../examination.js'
import type { Finding } from '../finding.js'
import { likelyIssuers, metadataUrls } from '../issuer-candidates.js'
import { corsChange, corsExpected, describeReply, quoted, reachChange } from '../reply-texts.js'
import { parseObject } from '../parse-object.js'
import { policyFinding } from '../policy-finding.js'
import type { Reply } from '../probes.js'

/** The first two are needed by a sign-in with a code. */
const ENDPOINTS = ['authorization_endpoint', 'token_endpoint', 'jwks_uri', 'userinfo_endpoint']
const NO_REPLY: Reply = { outcome: 'unreachable', reason: '' }

/** Reads the server metadata, and compares the issuer in it. */
export const checkMetadata: Check = {
  name: 'issuer and server metadata',
  async run(examination) {
    const { setup } = examination
    if (setup.issuer === undefined) return checkInline(examination)
    const insecure = insecureIssuer(examination, setup.issuer)
    if (insecure) return [insecure]
    return checkDiscovery(examination, setup.issuer)
  },
}

function checkInline(examination: Examination): readonly Finding[] {
  const { issuer, ...members } = examination.setup.server ?? {}
  const find = findingsOf(examination)
  if (issuer === undefined) {
    return [
      find('metadata_unreachable', {
        seen: 'There is neither an issuer nor server metadata with an issuer.',
        expected: 'The issuer URL of the authorization server.',
        change: 'Give "issuer" to createOAuthClient().',
      }),
    ]
  }
  examination.metadata = { issuer, ...withoutNull(members) }
  return checkMembers(examination, examination.metadata)
}

function insecureIssuer(examination: Examination, issuer: string): Finding | undefined {
  const url = parseUrl(issuer)
  if (url && (url.protocol === 'https:' || isLoopback(url)) && !url.search && !url.hash) return undefined
  return findingsOf(examination)('insecure_issuer', {
    seen: `The issuer is ${quoted(issuer)}.`,
    expected: 'An https URL without "?" and "#" (RFC 8414, section 2). Plain http is for localhost, 127.0.0.1 and [::1].',
    change:
      url?.protocol === 'http:'
        ? 'Serve the authorization server over https.'
        : 'Give the issuer URL as the provider documents it.',
  })
}

async function checkDiscovery(examination: Examination, issuer: string): Promise<readonly Finding[]> {
  const { setup, probes } = examination
  const find = findingsOf(examination)
  const urls = setup.metadataUrl === undefined ? metadataUrls(issuer) : [setup.metadataUrl]
  const tried: (readonly [url: string, reply: Reply])[] = []
  for (const url of urls) {
    const reply = await probes.send(url)
    const document = reply.outcome === 'response' ? parsed(reply.text) : undefined
    if (document && reply.outcome === 'response' && reply.status === 200) {
      noteClock(examination, 'the authorization server', reply.headers)
      examination.metadata = { ...document, ...withoutNull(setup.server ?? {}), issuer }
      const cors = reply.corsProblem
      const findings = [
        ...compareIssuers(examination, String(document['issuer'])),
        ...checkMembers(examination, examination.metadata),
      ]
      if (cors === undefined) return findings
      const parts = { seen: `${url}: ${cors}`, expected: corsExpected(examination), change: corsChange(examination) }
      return [find('cors_metadata', parts), ...findings]
    }
    tried.push([url, reply])
  }
  return [await explainUnreachable(examination, issuer, tried)]
}

async function explainUnreachable(
  examination: Examination,
  issuer: string,
  tried: readonly (readonly [string, Reply])[],
): Promise<Finding> {
  const find = findingsOf(examination)
  const seen = tried.map(([url, reply]) => `${url}: ${describeReply(reply)}${whyUnusable(reply)}`).join(' ')
  const forbidden = tried.find(([, { outcome }]) => outcome === 'forbidden')
  if (forbidden) return policyFinding(examination, issuer, { seen })
  const likely = await findLikelyIssuer(examination, issuer)
  if (likely !== undefined) {
    const expected = `The issuer ${quoted(likely)}, whose metadata can be read.`
    return find('issuer_mismatch', { seen, expected, change: `Set "issuer" to ${quoted(likely)}.` })
  }
  if (tried.every(([, { outcome }]) => outcome === 'hidden')) {
    return find('cors_metadata', {
      seen,
      expected: corsExpected(examination),
      change: `Check "issuer" first, upper and lower case too: a page cannot see a 404, "npx latchkey doctor" can. ${corsChange(examination)}`,
    })
  }
  return find('metadata_unreachable', {
    seen,
    expected: 'A JSON document with the server metadata (OpenID Connect Discovery 1.0, section 4; RFC 8414, section 3).',
    change: `${reachChange('issuer', tried[0]?.[1] ?? NO_REPLY)}${pathHint(issuer)} If the document is elsewhere, give its address as "metadataUrl"; if there is none, give the endpoints in "server".`,
  })
}

/** No setting of a provider is named for a server on the developer's own machine, where the path is forgotten most. */
function pathHint(issuer: string): string {
  const { hostname, pathname } = new URL(issuer)
  const isBaseAddress = pathname === '/' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
  return isBaseAddress ? ' An issuer of Keycloak has the path /realms/<realm>, one of authentik /application/o/<slug>/.' : ''
}

/** Tries other spellings of the issuer: the metadata at one of them names the right one. */
async function findLikelyIssuer({ probes }: Examination, issuer: string): Promise<string | undefined> {
  for (const candidate of likelyIssuers(issuer)) {
    for (const url of metadataUrls(candidate).slice(0, 1)) {
      const reply = await probes.send(url)
      const named = reply.outcome === 'response' && reply.status === 200 ? parsed(reply.text)?.['issuer'] : undefined
      if (typeof named === 'string') return named
    }
  }
  return undefined
}

function compareIssuers(examination: Examination, received: string): readonly Finding[] {
  const { setup } = examination
  const expected = setup.server?.issuer ?? setup.issuer
  if (received === expected) return []
  // Microsoft's metadata for several tenants has a placeholder, which the option "acceptedIssuers" is for.
  const isTemplate = received.includes('{')
  return [
    findingsOf(examination)('issuer_mismatch', {
      severity: isTemplate ? 'note' : 'error',
      seen: `The option "issuer" is ${quoted(String(expected))}, and the metadata there names ${quoted(received)}.`,
      expected: 'Both are equal, character for character (RFC 8414, section 3.3).',
      change: isTemplate
        ? `Set "acceptedIssuers" to ${quoted(received)}, or use the issuer of one tenant.`
        : `Set "issuer" to ${quoted(received)}, if that is your server. If it is not, the address belongs to another server.`,
    }),
  ]
}

/** Endpoints that cannot be used are removed: the other checks skip them. */
function checkMembers(examination: Examination, metadata: ServerMetadata): readonly Finding[] {
  const needed = examination.setup.responseType === 'id_token' ? ENDPOINTS.slice(0, 1) : ENDPOINTS.slice(0, 2)
  const wrong = ENDPOINTS.filter((name) => metadata[name] !== undefined || needed.includes(name)).filter(
    (name) => !isUsableUrl(metadata[name]),
  )
  if (wrong.length === 0) return []
  examination.unusable = wrong
  const usable = Object.entries(metadata).filter(([name]) => !wrong.includes(name))
  examination.metadata = { issuer: metadata.issuer, ...Object.fromEntries(usable) }
  return [
    findingsOf(examination)('metadata_invalid', {
      severity: wrong.some((name) => name !== 'userinfo_endpoint') ? 'error' : 'warning',
      seen: wrong.map((name) => `"${name}" is ${quoted(metadata[name])}.`).join(' '),
      expected: 'Absolute https URLs that browsers can reach (RFC 8414, section 2).',
      change:
        'Set the public host name of the server, and have its proxy pass on host and scheme (X-Forwarded-Host, X-Forwarded-Proto). ' +
        'Or give the endpoints in the option "server".',
    }),
  ]
}

function isUsableUrl(value: unknown): boolean {
  const url = typeof value === 'string' ? parseUrl(value) : undefined
  return url !== undefined && (url.protocol === 'https:' || isLoopback(url))
}

/** Web servers of single-page apps often respond to every path with the app's page and status 200. */
function whyUnusable(reply: Reply): string {
  if (reply.outcome !== 'response') return ''
  if (reply.status === 200) return ' It is not a JSON object with an "issuer".'
  const { error, error_description: reason } = parseObject(reply.text) ?? {}
  if (error === undefined) return ''
  return ` It says ${quoted(error)}${reason === undefined ? '' : `: ${quoted(reason)}`}.`
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  const document = parseObject(text)
  return typeof document?.['issuer'] === 'string' ? document : undefined
}

function withoutNull(members: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null && value !== undefined))
}
