import { isLoopback } from '../../platform/is-loopback.js'
import type { ServerMetadata } from '../../protocol/server-metadata.js'
import { type Check, type Examination, findingsOf, noteClock } from '../examination.js'
import type { Finding } from '../finding.js'
import { likelyIssuers, metadataUrls } from '../issuer-candidates.js'
import { corsChange, describeReply, quoted } from '../reply-texts.js'
import { parseObject } from '../parse-object.js'
import { policyFinding } from '../policy-finding.js'
import type { Reply } from '../probes.js'

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
  const url = URL.canParse(issuer) ? new URL(issuer) : undefined
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
  if (tried.every(([, { outcome }]) => outcome === 'hidden'))
    return find('cors_metadata', { seen, expected: corsExpected(examination), change: corsChange(examination) })
  return find('metadata_unreachable', {
    seen,
    expected: 'A JSON document with the server metadata (OpenID Connect Discovery 1.0, section 4; RFC 8414, section 3).',
    change:
      'Check the address of "issuer", and that the server runs and can be reached from here. ' +
      'If the document is elsewhere, give its address as "metadataUrl"; if there is none, give the endpoints in "server".',
  })
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

function checkMembers(examination: Examination, metadata: ServerMetadata): readonly Finding[] {
  const needed =
    examination.setup.responseType === 'id_token' ? ['authorization_endpoint'] : ['authorization_endpoint', 'token_endpoint']
  const missing = needed.filter((name) => !isUsableUrl(metadata[name]))
  if (missing.length === 0) return []
  return [
    findingsOf(examination)('metadata_invalid', {
      seen: missing.map((name) => `${quoted(name)} is ${quoted(metadata[name])}.`).join(' '),
      expected: 'Absolute https URLs (RFC 8414, section 2).',
      change: 'Correct the metadata at the server, or give the endpoints in the option "server".',
    }),
  ]
}

function isUsableUrl(value: unknown): boolean {
  if (typeof value !== 'string' || !URL.canParse(value)) return false
  const url = new URL(value)
  return url.protocol === 'https:' || isLoopback(url)
}

/** A page of an app is often sent for every address, with status 200. */
function whyUnusable(reply: Reply): string {
  return reply.outcome === 'response' && reply.status === 200 ? ' It is not a JSON object with an "issuer".' : ''
}

function corsExpected({ setup }: Examination): string {
  const { origin = 'the origin of the app' } = setup
  return `The header "Access-Control-Allow-Origin: *", or with ${origin}.`
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  const document = parseObject(text)
  return typeof document?.['issuer'] === 'string' ? document : undefined
}

function withoutNull(members: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null && value !== undefined))
}
