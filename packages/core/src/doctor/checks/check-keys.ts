import { parseUrl } from '../../platform/parse-url.js'
import { isRecord } from '../../platform/is-record.js'
import { type Check, type CheckResult, type Examination, findingsOf, scopeOf } from '../examination.js'
import type { Finding } from '../finding.js'
import { parseObject } from '../parse-object.js'
import { policyFinding } from '../policy-finding.js'
import type { Reply } from '../probes.js'
import { corsChange, corsExpected, describeReply, quoted, reachChange } from '../reply-texts.js'

type Key = Readonly<Record<string, unknown>>

/** Members of private and symmetric keys. @see RFC 7518, section 6 */
const PRIVATE_MEMBERS = ['d', 'k', 'p', 'q']

/** The type of the keys of each signature algorithm. @see RFC 7518, section 3.1; RFC 9864, section 2.2 */
const KEY_TYPES: readonly (readonly [RegExp, (key: Key) => boolean])[] = [
  [/^[RP]S\d{3}$/, ({ kty }) => kty === 'RSA'],
  [/^ES256$/, ({ kty, crv }) => kty === 'EC' && crv === 'P-256'],
  [/^ES384$/, ({ kty, crv }) => kty === 'EC' && crv === 'P-384'],
  [/^ES512$/, ({ kty, crv }) => kty === 'EC' && crv === 'P-521'],
  [/^(?:EdDSA|Ed25519)$/, ({ kty, crv }) => kty === 'OKP' && crv === 'Ed25519'],
]

/** Reads the key set: whether it has a key for the algorithm of the client, and the one that signed the current ID token. */
export const checkKeys: Check = {
  name: 'key set and signature algorithm',
  async run(examination) {
    const { metadata } = examination
    if (!metadata) return { skipped: 'there is no server metadata' }
    if (!scopeOf(examination).includes('openid')) return { skipped: 'without the scope "openid" there is no ID token' }
    if (examination.unusable?.includes('jwks_uri')) return { skipped: '"jwks_uri" in the server metadata cannot be used' }
    const algorithm = compareAlgorithms(examination)
    const keys =
      isRecord(metadata.jwks) && Array.isArray(metadata.jwks['keys'])
        ? { keys: metadata.jwks['keys'].filter(isRecord) }
        : await fetchKeys(examination, metadata.jwks_uri)
    if ('finding' in keys) return [...algorithm, keys.finding]
    return [...algorithm, ...(keys.cors ? [keys.cors] : []), ...compareKeys(examination, keys.keys, algorithm.length > 0)]
  },
}

function algorithmOf({ setup }: Examination): string {
  return setup.idTokenSignedResponseAlg ?? 'RS256'
}

function compareAlgorithms(examination: Examination): readonly Finding[] {
  const { metadata, session } = examination
  const expected = algorithmOf(examination)
  const supported = metadata?.id_token_signing_alg_values_supported
  const actual = session?.idTokenHeader?.alg
  const isSupported = !Array.isArray(supported) || supported.includes(expected)
  if (isSupported && (actual === undefined || actual === expected)) return []
  const right =
    typeof actual === 'string' ? actual : supported?.map(String).find((name) => name !== 'none' && !name.startsWith('HS'))
  return [
    findingsOf(examination)('algorithm_mismatch', {
      seen:
        actual === undefined
          ? `The server signs ID tokens with ${quoted(supported)}, and the client expects ${quoted(expected)}.`
          : `The ID token is signed with ${quoted(actual)}, and the client expects ${quoted(expected)}.`,
      expected: 'The algorithm that is registered for the client (id_token_signed_response_alg). RS256 if the option is omitted.',
      change: right
        ? `Set "idTokenSignedResponseAlg" to ${quoted(right)}, if that is what is registered for the client, or register ${quoted(expected)}.`
        : 'Register an asymmetric algorithm, such as RS256, for the client.',
    }),
  ]
}

/** The key set of the server, or why there is none. */
type FetchedKeys = { readonly finding: Finding } | { readonly keys: readonly Key[]; readonly cors?: Finding | undefined }

async function fetchKeys(examination: Examination, url: string | undefined): Promise<FetchedKeys> {
  if (url !== undefined && parseUrl(url)) return readKeys(examination, url, await examination.probes.send(url))
  return {
    finding: findingsOf(examination)('jwks_unreachable', {
      seen: `"jwks_uri" in the server metadata is ${quoted(url)}.`,
      expected: 'The URL of a JSON Web Key Set (RFC 7517, section 5).',
      change: 'Have the server publish its keys, or give "jwks_uri" or "jwks" in the option "server".',
    }),
  }
}

function readKeys(examination: Examination, url: string, reply: Reply): FetchedKeys {
  const find = findingsOf(examination)
  const cors = (seen: string): Finding =>
    find('cors_jwks', { seen: `${url}: ${seen}`, expected: corsExpected(examination), change: corsChange(examination) })
  if (reply.outcome === 'hidden') return { finding: cors(describeReply(reply)) }
  if (reply.outcome === 'forbidden')
    return { finding: policyFinding(examination, url, { seen: `${url}: ${describeReply(reply)}` }) }
  const set = reply.outcome === 'response' && reply.status === 200 ? parseObject(reply.text) : undefined
  if (reply.outcome === 'response' && Array.isArray(set?.['keys']))
    return { keys: set['keys'].filter(isRecord), cors: reply.corsProblem === undefined ? undefined : cors(reply.corsProblem) }
  return {
    finding: find('jwks_unreachable', {
      seen: `${url}: ${describeReply(reply)}`,
      expected: 'A JSON Web Key Set (RFC 7517, section 5).',
      change: reachChange('jwks_uri', reply),
    }),
  }
}

function compareKeys(
  examination: Examination,
  keys: readonly Key[],
  isOtherAlgorithm: boolean,
): CheckResult & readonly Finding[] {
  const find = findingsOf(examination)
  const published = keys.filter((key) => PRIVATE_MEMBERS.some((name) => name in key))
  const findings =
    published.length === 0
      ? []
      : [
          find('jwks_private_key', {
            seen: `${published.length} of ${keys.length} keys contain private members (kid: ${published.map(({ kid }) => quoted(kid)).join(', ')}).`,
            expected: 'Public keys only: anyone can sign ID tokens with these.',
            change: 'Replace the keys at once, and publish only their public halves.',
          }),
        ]
  const missing = missingKey(examination, keys)
  // Another algorithm is the cause, and has a finding.
  return missing && !isOtherAlgorithm ? [...findings, missing] : findings
}

function missingKey(examination: Examination, keys: readonly Key[]): Finding | undefined {
  const find = findingsOf(examination)
  const algorithm = algorithmOf(examination)
  const isOfType = KEY_TYPES.find(([names]) => names.test(algorithm))?.[1] ?? (() => true)
  const usable = keys.filter(
    (key) => isOfType(key) && [undefined, algorithm].includes(key['alg'] as string) && key['use'] !== 'enc',
  )
  const list = keys.map(({ kid, kty, alg, use }) => [kid, kty, alg, use].filter(Boolean).join(' ')).join(', ')
  const seen = `Keys in the key set: ${keys.length}${list && ` (${list})`}.`
  if (usable.length === 0) {
    return find('jwks_no_key', {
      seen,
      expected: `A key for ${algorithm}, with "use" absent or "sig".`,
      change: `Have the server publish the key that signs with ${algorithm}, or set "idTokenSignedResponseAlg" to the algorithm of a key for signatures.`,
    })
  }
  const kid = examination.session?.idTokenHeader?.kid
  if (kid === undefined || usable.some((key) => key['kid'] === kid)) return undefined
  return find('jwks_no_key', {
    severity: 'warning',
    seen: `The ID token is signed with the key ${quoted(kid)}. ${seen}`,
    expected: 'The key is in the key set for as long as its tokens are valid.',
    change:
      'If the server rotates keys, publish the former ones too. If several servers share an issuer, give them the same keys.',
  })
}
