import type { FindingCode } from './finding-code.js'
import { plainLine } from './plain-line.js'
import { settingsFor, type ProviderSetting } from './provider-settings.js'

/** One sentence for each code: the heading of a finding. */
const TITLES: Readonly<Record<FindingCode, string>> = {
  metadata_unreachable: 'The server metadata cannot be read',
  metadata_invalid: 'The server metadata cannot be used',
  issuer_mismatch: 'The issuer is not the one that the server names',
  insecure_issuer: 'The issuer is not an https URL',
  cors_metadata: 'The browser may not read the server metadata (CORS)',
  cors_token: 'The browser may not read responses of the token endpoint (CORS)',
  cors_userinfo: 'The browser may not read responses of the UserInfo endpoint (CORS)',
  cors_jwks: 'The browser may not read the key set (CORS)',
  endpoint_unreachable: 'An endpoint of the server does not respond as such',
  csp_blocks_request: 'The Content Security Policy of the app blocks requests to the server',
  csp_blocks_frame: 'The app may not show frames of the server',
  redirect_uri_not_registered: 'The redirect URI is not registered',
  redirect_uri_other_origin: 'The redirect URI is not on the origin of the app',
  client_unknown: 'The client ID is unknown',
  client_secret_required: 'The server requires a client secret',
  response_type_not_allowed: 'The response type is not allowed for this client',
  grant_not_allowed: 'The grant is not allowed for this client',
  scope_not_allowed: 'The scope is not allowed for this client',
  authorization_refused: 'The server refuses the authorization request',
  no_refresh_token: 'The session cannot be refreshed',
  callback_unreachable: 'The page at the redirect URI cannot be loaded',
  callback_loses_response: 'The page at the redirect URI loses the authorization response',
  callback_not_frameable: 'The page at the redirect URI may not be in a frame',
  third_party_cookies: 'Silent sign-in in a frame gets no cookies',
  opener_policy: 'The sign-in page cuts the connection to the window that opened it',
  clock_offset: 'The clocks differ',
  storage_blocked: 'The browser blocks storage',
  insecure_context: 'The page is not a secure context',
  jwks_unreachable: 'The key set of the server cannot be read',
  jwks_no_key: 'The key set has no key for the ID tokens of this client',
  jwks_private_key: 'The key set publishes private keys',
  algorithm_mismatch: 'The signature algorithm is not the registered one',
  several_copies: 'Several copies of the library are loaded',
  service_worker: 'A service worker handles the redirect URI',
  last_error: 'The last operation of the client failed',
}

/** How bad a finding is. `error`: signing in fails. `warning`: another part fails. `note`: a limit that matters to some apps. */
export type Severity = 'error' | 'warning' | 'note'

/** One thing that is wrong with a set-up, and how to fix it. Contains no token, code, verifier or secret. */
export interface Finding {
  readonly code: FindingCode
  readonly severity: Severity
  /** A heading. */
  readonly title: string
  /** What was seen. */
  readonly seen: string
  /** What is expected. */
  readonly expected: string
  /** What to change, and where. */
  readonly change: string
  /** The name of the setting at known providers; at the provider of the issuer only, if it is one of them. */
  readonly settings: readonly ProviderSetting[]
}

/** The parts of a finding that a check knows. */
export type FindingParts = Pick<Finding, 'seen' | 'expected' | 'change'> & { readonly severity?: Severity }

/** @param issuer whose provider decides which settings are named */
export function createFinding(code: FindingCode, issuer: string | undefined, parts: FindingParts): Finding {
  const { severity = 'error' } = parts
  // They name addresses of the metadata and of redirects, which a hostile server writes.
  const texts = { seen: plainLine(parts.seen), expected: plainLine(parts.expected), change: plainLine(parts.change) }
  return { code, severity, title: TITLES[code], ...texts, settings: settingsFor(code, issuer) }
}
