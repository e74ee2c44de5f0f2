import { type Check, type Examination, findingsOf, issuerOf, redirectUriOf } from '../examination.js'
import type { Finding } from '../finding.js'
import { parseObject } from '../parse-object.js'
import { policyFinding } from '../policy-finding.js'
import type { ReceivedReply, Reply } from '../probes.js'
import { corsChange, corsExpected, describeReply, quoted, reachChange } from '../reply-texts.js'

/** Sent instead of a code and a refresh token: certainly no valid one. */
const NO_TOKEN = 'latchkey-doctor'
/** Of a public example (RFC 7636, appendix B). */
const CODE_VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'

/** Sends token requests with an invalid code and an invalid refresh token: the errors show what is allowed. */
export const checkTokenEndpoint: Check = {
  name: 'token endpoint: CORS, client authentication and grants',
  async run(examination) {
    const { metadata, setup } = examination
    if (!metadata?.token_endpoint) return { skipped: 'there is no server metadata with a token endpoint' }
    const { clientId = NO_TOKEN, responseType = 'code' } = setup
    if (!responseType.split(' ').includes('code')) return { skipped: `the response type "${responseType}" returns no code` }
    const form = {
      grant_type: 'authorization_code',
      code: NO_TOKEN,
      redirect_uri: redirectUriOf(examination) ?? 'https://latchkey-doctor.invalid/',
      client_id: clientId,
      code_verifier: CODE_VERIFIER,
    }
    const reply = await examination.probes.send(metadata.token_endpoint, { method: 'POST', form })
    const unusable = explainUnusable(examination, reply)
    if (unusable || reply.outcome !== 'response') return unusable ? [unusable] : []
    const cors = corsFinding(examination, reply)
    const findings = await explainErrors(examination, form, reply)
    return cors ? [cors, ...findings] : findings
  },
}

function explainUnusable(examination: Examination, reply: Reply): Finding | undefined {
  const find = findingsOf(examination)
  const url = examination.metadata?.token_endpoint ?? ''
  const seen = `${url}: ${describeReply(reply)}`
  if (reply.outcome === 'hidden')
    return find('cors_token', { seen, expected: corsExpected(examination), change: corsChange(examination) })
  if (reply.outcome === 'forbidden') return policyFinding(examination, url, { seen })
  const isJson = reply.outcome === 'response' && parseObject(reply.text) !== undefined
  if (isJson || (reply.outcome === 'response' && isTrouble(reply))) return undefined
  return find('endpoint_unreachable', {
    seen: `The token endpoint ${seen}`,
    expected: 'A JSON object with an error for an invalid code (RFC 6749, section 5.2).',
    change: reachChange('token_endpoint', reply),
  })
}

function isTrouble({ status }: ReceivedReply): boolean {
  return status === 429 || status >= 500
}

/** Some servers fail for an invalid code, and accept valid ones. */
function troubleFinding(examination: Examination, reply: ReceivedReply): Finding {
  return findingsOf(examination)('endpoint_unreachable', {
    severity: 'warning',
    seen: `The token endpoint ${examination.metadata?.token_endpoint}: ${describeReply(reply)}`,
    expected: 'A JSON object with an error for an invalid code (RFC 6749, section 5.2).',
    change:
      reply.status === 429
        ? 'The server limits the rate of requests. Try again later.'
        : 'Look in the log of the server: it fails in a token request with an invalid code, and may fail with every other one.',
  })
}

function corsFinding(examination: Examination, { url, corsProblem }: ReceivedReply): Finding | undefined {
  if (corsProblem === undefined) return undefined
  const expected = corsExpected(examination)
  return findingsOf(examination)('cors_token', { seen: `${url}: ${corsProblem}`, expected, change: corsChange(examination) })
}

async function explainErrors(
  examination: Examination,
  form: Readonly<Record<string, string>>,
  reply: ReceivedReply,
): Promise<readonly Finding[]> {
  if (isTrouble(reply)) return [troubleFinding(examination, reply)]
  if (examination.setup.clientId === undefined) return []
  const { error, text } = errorOf(reply)
  if (isPlatformError(text)) return [otherPlatform(examination, text)]
  if (error === 'invalid_client' || isCredentialsError(error, text)) return explainInvalidClient(examination, form, text)
  if (isGrantError(error)) return [grantFinding(examination, text)]
  return explainRefreshGrant(examination, form)
}

/** Keycloak and Google have the code of another error, and say in the description what is missing. */
function isCredentialsError(error: string, text: string): boolean {
  if (error === 'invalid_request') return /client_secret|client secret/i.test(text)
  return error === 'unauthorized_client' && /secret|credentials/i.test(text)
}

/** Entra redeems codes from a page only if the redirect URI has the right platform. */
function isPlatformError(text: string): boolean {
  return /\bAADSTS(?:9002326|9002327)\b/.test(text)
}

function otherPlatform(examination: Examination, text: string): Finding {
  return findingsOf(examination)('cors_token', {
    seen: `The token endpoint responded: ${quoted(text)}.`,
    expected: 'The redirect URI is registered for a single-page application.',
    change: 'Move the redirect URI from the platform Web to Single-page application.',
  })
}

async function explainInvalidClient(
  examination: Examination,
  form: Readonly<Record<string, string>>,
  text: string,
): Promise<readonly Finding[]> {
  const find = findingsOf(examination)
  const { isClientKnown, setup } = examination
  const isUnknown = isClientKnown === undefined ? await isSameForUnknownClient(examination, form, text) : !isClientKnown
  const seen = `The token endpoint responded to a request without client authentication: ${quoted(text)}.`
  // The authorization endpoint has said so already.
  if (isClientKnown === false) return []
  if (isUnknown) {
    return [
      find('client_unknown', {
        seen,
        expected: `A client with the id ${quoted(setup.clientId)} at ${issuerOf(examination)}.`,
        change: 'Copy the client id from the registration, and check that it belongs to this server, tenant or realm.',
      }),
    ]
  }
  return [
    find('client_secret_required', {
      seen,
      expected: 'A public client: a browser cannot keep a secret (RFC 6749, section 2.1).',
      change:
        'Register the app as a public client or single-page application (token_endpoint_auth_method "none"). ' +
        'If the server has no such clients, exchange the code in your back end.',
    }),
  ]
}

async function isSameForUnknownClient(
  examination: Examination,
  form: Readonly<Record<string, string>>,
  text: string,
): Promise<boolean> {
  const { probes, metadata } = examination
  const other = 'latchkey-doctor-unknown'
  const reply = await probes.send(metadata?.token_endpoint ?? '', { method: 'POST', form: { ...form, client_id: other } })
  return (
    reply.outcome === 'response' && errorOf(reply).text.replaceAll(other, '') === text.replaceAll(form['client_id'] ?? '', '')
  )
}

/** Whether refresh tokens are allowed for the client. */
async function explainRefreshGrant(
  examination: Examination,
  form: Readonly<Record<string, string>>,
): Promise<readonly Finding[]> {
  const { probes, metadata } = examination
  const refresh = { grant_type: 'refresh_token', refresh_token: NO_TOKEN, client_id: form['client_id'] ?? '' }
  const reply = await probes.send(metadata?.token_endpoint ?? '', { method: 'POST', form: refresh })
  if (reply.outcome !== 'response') return []
  const { error, text } = errorOf(reply)
  if (!isGrantError(error)) return []
  return [
    findingsOf(examination)('no_refresh_token', {
      severity: 'warning',
      seen: `The token endpoint responded to a request with a refresh token: ${quoted(text)}.`,
      expected: 'The grant "refresh_token" is allowed for the client.',
      change: `${grantChange(metadata?.['grant_types_supported'])} Without it, users sign in again when the access token expires.`,
    }),
  ]
}

/** No setting of the client helps where the server itself has no refresh tokens. */
function grantChange(grants: unknown): string {
  return Array.isArray(grants) && !grants.includes('refresh_token')
    ? 'The server has no grant "refresh_token", says its metadata ("grant_types_supported"): enable refresh tokens at the server.'
    : 'Allow the grant "refresh_token" for the client.'
}

function isGrantError(error: string): boolean {
  return error === 'unauthorized_client' || error === 'unsupported_grant_type'
}

function grantFinding(examination: Examination, text: string): Finding {
  return findingsOf(examination)('grant_not_allowed', {
    seen: `The token endpoint responded to a request with a code: ${quoted(text)}.`,
    expected: 'The grant "authorization_code" is allowed for the client.',
    change: 'Allow the authorization code grant for the client at the authorization server.',
  })
}

function errorOf({ text }: ReceivedReply): { readonly error: string; readonly text: string } {
  const { error, error_description: description } = parseObject(text) ?? {}
  const code = typeof error === 'string' ? error : ''
  return { error: code, text: typeof description === 'string' ? `${code}: ${description}` : code }
}
