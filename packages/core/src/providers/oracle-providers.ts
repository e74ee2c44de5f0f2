import { requireKind } from '../errors/require-kind.js'
import { IS_DEVELOPMENT } from '../platform/is-development.js'
import { checkPreset } from './check-preset.js'
import type { Preset } from './preset.js'

/**
 * Options for Oracle Identity Cloud Service. All its domains have one issuer, and ID tokens have further audiences. Its keys must be
 * readable without a sign-in ("Access Signing Certificate" in the default settings).
 *
 * @param domainUrl such as `https://idcs-1234.identity.oraclecloud.com`
 * @see https://docs.oracle.com/en-us/iaas/Content/APIGateway/Tasks/apigatewayusingjwttokens-identityprovider.htm
 */
export function oracleIdcs(domainUrl: string): Preset {
  if (IS_DEVELOPMENT) checkPreset('oracleIdcs()', { domainUrl })
  requireKind('oracleIdcs()', 'string', domainUrl)
  const issuer = domainUrl.replace(/\/+$/, '')
  const shared = 'https://identity.oraclecloud.com/'
  return {
    issuer,
    server: { issuer: shared },
    trustedAudiences: [shared, issuer, `${issuer}/`],
    scope: 'openid profile email offline_access',
  }
}

/**
 * Options for NetSuite. All accounts have one issuer, and ID tokens have further audiences.
 *
 * @param accountId as in the account's URLs, or as NetSuite shows it (`1234567_SB1`)
 * @param options `trustedAudiences` are the audiences besides the client id, as they are in an ID token of your account
 * @see https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_160855370280.html
 */
export function netsuite(accountId: string, options: { readonly trustedAudiences?: readonly string[] | undefined } = {}): Preset {
  if (IS_DEVELOPMENT) checkPreset('netsuite()', { accountId }, [options, { trustedAudiences: 'list' }])
  requireKind('netsuite()', 'string', accountId)
  requireKind('netsuite()', 'object', options)
  const account = accountId.toLowerCase().replaceAll('_', '-')
  return {
    issuer: `https://${account}.suitetalk.api.netsuite.com`,
    server: { issuer: 'https://system.netsuite.com' },
    trustedAudiences: options.trustedAudiences,
    scope: 'openid email',
    resources: [`https://${account}.suitetalk.api.netsuite.com/`],
  }
}
