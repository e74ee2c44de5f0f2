import { createError } from '../errors/create-error.js'
import { requireKind } from '../errors/require-kind.js'
import { IS_DEVELOPMENT } from '../platform/is-development.js'
import { checkPreset } from './check-preset.js'
import { adaptedTokenResponse } from './compliance-hooks.js'
import type { Preset } from './preset.js'

/** The directory of personal Microsoft accounts. */
const CONSUMERS = '9188040d-6c67-4c5b-b112-36a304b66dad'

/** Options of {@link microsoftEntra}. */
export interface MicrosoftEntraOptions {
  /** Host of a national cloud. Default `login.microsoftonline.com`. */
  readonly host?: string | undefined
}

/**
 * Options for Microsoft Entra ID. With `common` and `organizations`, users of every directory can sign in: check the claim `tid`.
 *
 * @param tenant id of the directory, `common`, `organizations` or `consumers`
 * @throws ConfigurationError for the domain name of a directory
 * @see https://learn.microsoft.com/en-us/entra/identity-platform/v2-protocols-oidc
 */
export function microsoftEntra(tenant: string, options: MicrosoftEntraOptions = {}): Preset {
  if (IS_DEVELOPMENT) checkPreset('microsoftEntra()', { tenant }, [options, { host: 'string' }])
  requireKind('microsoftEntra()', 'string', tenant)
  requireKind('microsoftEntra()', 'object', options)
  const { host = 'login.microsoftonline.com' } = options
  if (tenant.includes('.')) {
    throw createError('configuration', `"${tenant}" is a domain name: expected the id of the directory.`, {
      hint: 'Pass the "Directory (tenant) ID" of the app registration: the issuer of the tokens contains it.',
    })
  }
  return {
    issuer: `https://${host}/${encodeURIComponent(tenant)}/v2.0`,
    acceptedIssuers: acceptedIssuers(host, tenant),
    scope: 'openid profile email offline_access',
    // A refresh token that a policy no longer accepts, besides "invalid_grant".
    isSessionEnd: ({ error }) => error === 'interaction_required' || error === 'login_required' || error === 'consent_required',
  }
}

/** The metadata of these names has "{tenantid}" in its issuer; ID tokens have the directory of the user, which is also the claim `tid`. */
function acceptedIssuers(host: string, tenant: string): readonly string[] | undefined {
  if (tenant === 'consumers') return [`https://${host}/${CONSUMERS}/v2.0`, `https://${host}/{tenantid}/v2.0`]
  return tenant === 'common' || tenant === 'organizations' ? [`https://${host}/{tid}/v2.0`] : undefined
}

/** Options of {@link azureAdB2c}. */
export interface AzureAdB2cOptions {
  /** Name of the tenant, without `.onmicrosoft.com`. */
  readonly tenant: string
  /** Directory id of the tenant: it is in the issuer of the tokens. */
  readonly tenantId: string
  /** Name of the user flow or policy, such as `B2C_1_sign_in`. */
  readonly policy: string
  /** The client id of the app, requested as scope: with the scope `openid` alone there is no access token. */
  readonly clientId: string
  /** Default `{tenant}.b2clogin.com`. */
  readonly host?: string | undefined
}

/**
 * Options for Azure AD B2C. To call an API, request its scope instead of the client id (`scope: 'openid offline_access https://…'`).
 *
 * @see https://learn.microsoft.com/en-us/azure/active-directory-b2c/access-tokens
 */
export function azureAdB2c(options: AzureAdB2cOptions): Preset {
  if (IS_DEVELOPMENT) checkB2c(options)
  requireKind('azureAdB2c()', 'object', options)
  const { tenant, tenantId, policy, clientId, host = `${tenant}.b2clogin.com` } = options
  const readResponse = adaptedTokenResponse(requireAccessToken)
  return {
    issuer: `https://${host}/${tenant}.onmicrosoft.com/${encodeURIComponent(policy)}/v2.0`,
    server: { issuer: `https://${host}/${tenantId}/v2.0/` },
    scope: `openid profile offline_access ${clientId}`,
    compliance: { tokenResponse: readResponse, refreshTokenResponse: readResponse },
  }
}

function checkB2c(options: AzureAdB2cOptions): void {
  const names = { tenant: 'string', tenantId: 'string', policy: 'string', clientId: 'string', host: 'string' }
  checkPreset('azureAdB2c()', {}, [options ?? null, names])
  const { tenant, tenantId, policy, clientId } = options
  checkPreset('azureAdB2c()', { tenant, tenantId, policy, clientId })
}

function requireAccessToken(body: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  if ('access_token' in body || !('id_token' in body)) return body
  throw createError('missing_token', 'Azure AD B2C issued no access token: the scope names no API.', {
    hint: 'Request the scope of an API, or the client id as scope, besides "openid".',
    spec: 'RFC 6749, section 5.1',
  })
}
