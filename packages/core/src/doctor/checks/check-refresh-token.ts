import { type Check, type Examination, findingsOf, issuerOf, scopeOf } from '../examination.js'
import type { Finding } from '../finding.js'
import { providerOf } from '../provider-settings.js'
import { quoted } from '../reply-texts.js'

/** Whether the session has a refresh token, or is going to have one. */
export const checkRefreshToken: Check = {
  name: 'refresh token: scope and grant',
  async run(examination) {
    const { metadata, session } = examination
    if (!metadata) return { skipped: 'there is no server metadata' }
    if (session?.hasRefreshToken) return []
    const find = findingsOf(examination)
    const { grant_types_supported: grants, scopes_supported: scopes } = metadata
    if (Array.isArray(grants) && !grants.includes('refresh_token')) {
      return [
        find('no_refresh_token', {
          severity: 'warning',
          seen: `The server metadata has the grants ${quoted(grants)}.`,
          expected: 'The grant "refresh_token". Without it, users sign in again when the access token expires.',
          change: 'Enable refresh tokens at the server.',
        }),
      ]
    }
    const isKnown = Array.isArray(scopes) && scopes.includes('offline_access')
    // Keycloak issues a refresh token with each session. Its scope "offline_access" requests one that outlives the session.
    const issuesWithout = providerOf(issuerOf(examination)) === 'Keycloak'
    const needsScope = isKnown && !issuesWithout && !scopeOf(examination).includes('offline_access')
    return session || needsScope ? [missingToken(examination, needsScope)] : []
  },
}

function missingToken(examination: Examination, needsScope: boolean): Finding {
  const { session, setup } = examination
  return findingsOf(examination)('no_refresh_token', {
    severity: session ? 'warning' : 'note',
    seen: `${session ? 'The session has no refresh token. ' : ''}The scope is ${quoted(scopeOf(examination).join(' '))}.`,
    expected: 'A refresh token, with which the session continues when the access token expires.',
    change: needsScope
      ? 'Add "offline_access" to the option "scope". Many servers issue a refresh token for it only; some issue one without it.'
      : `Allow refresh tokens for the client ${quoted(setup.clientId)}. ` +
        'Some servers issue one only if the user consents: params: { prompt: "consent" } (OpenID Connect Core 1.0, section 11).',
  })
}
