import { type Check, type CheckResult, type Examination, findingsOf, issuerOf, redirectUriOf, scopeOf } from '../examination.js'
import type { Finding } from '../finding.js'
import { authorizationUrl } from '../authorization-url.js'
import type { Navigation, ServerPage } from '../probes.js'
import { quoted, reachChange, shortened } from '../reply-texts.js'
import { type Refusal, refusalIn } from '../refusal-patterns.js'

/** What a server says of a valid request without a page: no user is signed in. */
const EXPECTED_ERRORS: ReadonlySet<string> = new Set([
  'login_required',
  'interaction_required',
  'consent_required',
  'account_selection_required',
])

/** Sends a silent authorization request: whether the client, its redirect URI, response type and scope are registered. */
export const checkAuthorization: Check = {
  name: 'client id, redirect URI and response type at the authorization endpoint',
  async run(examination) {
    const { setup, metadata, probes } = examination
    const redirectUri = redirectUriOf(examination)
    if (!metadata?.authorization_endpoint) return { skipped: 'there is no server metadata with an authorization endpoint' }
    if (setup.clientId === undefined || redirectUri === undefined) return { skipped: 'it needs a client id and a redirect URI' }
    const request = await authorizationUrl(examination, { clientId: setup.clientId, redirectUri })
    if ('refusal' in request) return explainText(examination, request.refusal)
    const navigation = await probes.navigate(request.url, redirectUri)
    noteCookies(examination, navigation)
    return explainNavigation(examination, navigation, request.url)
  },
}

async function explainNavigation(examination: Examination, navigation: Navigation, url: string): Promise<CheckResult> {
  switch (navigation.outcome) {
    case 'returned':
      return explainError(examination, navigation.parameters)
    case 'unreachable':
      return [
        findingsOf(examination)('endpoint_unreachable', {
          seen: `The authorization endpoint: no response (${navigation.reason}).`,
          expected: 'A redirect or a page.',
          change: reachChange('authorization_endpoint', navigation),
        }),
      ]
    case 'page':
      if (navigation.page) return explainPage(examination, navigation.page)
      if (examination.isFrameBlocked) return { skipped: 'the app forbids the frame in which the response would arrive' }
      return [hiddenPage(examination, url)]
  }
}

/** The server trusts the redirect URI enough to send errors there. */
function explainError(examination: Examination, parameters: URLSearchParams): readonly Finding[] {
  examination.isClientKnown = true
  const error = parameters.get('error')
  if (error === null || EXPECTED_ERRORS.has(error)) return []
  const text = `${error}: ${parameters.get('error_description') ?? 'no description'}`
  return [refusalFinding(examination, error === 'invalid_client' ? 'client' : refusalIn(text), text)]
}

/** A request that the server cannot trust ends at a page of its own. */
async function explainPage(examination: Examination, page: ServerPage): Promise<CheckResult> {
  const refusal = refusalIn(page.text)
  if (refusal === undefined && page.status < 400) {
    // Either the server ignores prompt=none and shows its sign-in page, or this is an error page in words that are not known.
    const other = await sameForOther(examination, page)
    if (other !== 'redirectUri' && other !== 'both') return []
    return { skipped: 'the server shows the same page for all redirect URIs, and checks them later' }
  }
  const known = refusal ?? (await refusalByComparison(examination, page))
  if (known === undefined && page.status === 404) return [missingEndpoint(examination, page)]
  if (known === 'redirectUri') examination.isClientKnown = true
  if (known === 'client') examination.isClientKnown = false
  return [refusalFinding(examination, known, `status ${page.status}: ${page.text}`)]
}

function missingEndpoint(examination: Examination, { status, text }: ServerPage): Finding {
  const endpoint = examination.metadata?.authorization_endpoint
  return findingsOf(examination)('endpoint_unreachable', {
    seen: `The authorization endpoint ${endpoint} responded: ${quoted(shortened(`status ${status}: ${text}`))}.`,
    expected: 'A redirect, or a page of the server.',
    change: 'Check "authorization_endpoint" in the server metadata, and that nothing in front of the server takes its path.',
  })
}

function explainText(examination: Examination, text: string): readonly Finding[] {
  const refusal = refusalIn(text)
  if (refusal === 'client') examination.isClientKnown = false
  return [refusalFinding(examination, refusal, text)]
}

/** Compares the page with those of requests that are certainly wrong. */
async function refusalByComparison(examination: Examination, page: ServerPage): Promise<Refusal | undefined> {
  const same = await sameForOther(examination, page)
  if (same === 'redirectUri') return 'redirectUri'
  return same === 'clientId' ? 'client' : undefined
}

/** @returns which value could be replaced by a wrong one without a change of the page */
async function sameForOther(
  examination: Examination,
  page: ServerPage,
): Promise<'redirectUri' | 'clientId' | 'both' | 'neither'> {
  const { clientId = '' } = examination.setup
  const redirectUri = redirectUriOf(examination) ?? ''
  const own = fingerprint(page, [clientId, redirectUri])
  const isSame = async (other: { readonly clientId: string; readonly redirectUri: string }): Promise<boolean> => {
    const request = await authorizationUrl(examination, other)
    const navigation = 'url' in request ? await examination.probes.navigate(request.url, other.redirectUri) : undefined
    const result = navigation?.outcome === 'page' ? navigation.page : undefined
    return result !== undefined && fingerprint(result, [other.clientId, other.redirectUri]) === own
  }
  const hasSameForUri = await isSame({ clientId, redirectUri: 'https://latchkey-doctor.invalid/unregistered' })
  const hasSameForClient = await isSame({ clientId: 'latchkey-doctor-unknown', redirectUri })
  if (hasSameForUri && hasSameForClient) return 'both'
  return hasSameForUri ? 'redirectUri' : hasSameForClient ? 'clientId' : 'neither'
}

/** The page without what differs at each request. */
function fingerprint({ url, status, text }: ServerPage, values: readonly string[]): string {
  const { origin, pathname } = new URL(url)
  const plain = values.reduce((rest, value) => (value === '' ? rest : rest.replaceAll(value, '')), text)
  return [status, origin, pathname, plain.replaceAll(/[\w-]{16,}|\d+/g, '')].join(' ')
}

function hiddenPage(examination: Examination, url: string): Finding {
  return findingsOf(examination)('authorization_refused', {
    severity: 'warning',
    seen: 'A silent authorization request in a frame did not return to the redirect URI. The browser does not show the page of the server to this one.',
    expected: `A redirect to ${redirectUriOf(examination)} with the error "login_required".`,
    change:
      `Open ${withoutChallenge(url)} in a tab: the page of the server says whether the client id or the redirect URI is not registered. ` +
      'Or run: npx latchkey doctor <issuer> --client-id <id> --redirect-uri <uri>',
  })
}

/** For a tab in which a user looks at the server's page. */
function withoutChallenge(address: string): string {
  const url = new URL(address)
  for (const name of ['state', 'nonce', 'prompt']) url.searchParams.delete(name)
  return url.href
}

/** The findings of what a server refuses. */
function refusalFinding(examination: Examination, refusal: Refusal | undefined, text: string): Finding {
  const { setup } = examination
  const find = findingsOf(examination)
  const redirectUri = redirectUriOf(examination)
  const seen = `The server responded to the authorization request: ${quoted(shortened(text))}.`
  switch (refusal) {
    case 'redirectUri':
      return find('redirect_uri_not_registered', {
        seen,
        expected: `The redirect URI ${redirectUri} is registered for the client ${quoted(setup.clientId)}, character for character: scheme, host, port, path and the slash at the end.`,
        change: `Register ${redirectUri} at the authorization server, or set "redirectUri" to the registered one.`,
      })
    case 'client':
      return find('client_unknown', {
        seen,
        expected: `A client with the id ${quoted(setup.clientId)} at ${issuerOf(examination)}.`,
        change: 'Copy the client id from the registration, and check that it belongs to this server, tenant or realm.',
      })
    case 'responseType':
      return find('response_type_not_allowed', {
        seen,
        expected: `The response type ${quoted(setup.responseType ?? 'code')} is allowed for the client.`,
        change: 'Allow the authorization code grant for the client at the authorization server.',
      })
    case 'scope':
      return find('scope_not_allowed', {
        seen,
        expected: `Each of ${quoted(scopeOf(examination).join(' '))} is a scope that the server knows and allows for the client.`,
        change: 'Allow the scope for the client, or remove it from the option "scope".',
      })
    case undefined:
      return find('authorization_refused', {
        seen,
        expected: 'A redirect to the redirect URI with a code, or with the error "login_required".',
        change: `Check the client id ${quoted(setup.clientId)}, the redirect URI ${redirectUri} and the parameters of the request at the authorization server.`,
      })
  }
}

/** What a later check reads: the authorization endpoint is requested once. */
function noteCookies(examination: Examination, { outcome, ...rest }: Navigation): void {
  if (outcome !== 'unreachable' && 'pages' in rest) examination.serverPages = rest.pages
  if (outcome === 'returned' && 'parameters' in rest) examination.silentError = rest.parameters.get('error') ?? undefined
}
