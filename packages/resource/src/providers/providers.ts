import { toUrl } from '../http/parse-url.js'
import type { IssuerOptions } from '../issuers/issuer-options.js'
import { hasAudience } from '../issuers/token-claims.js'
import { ANY_JWT } from '../issuers/token-profile.js'

/** What the functions of all providers take. */
type Shared = Pick<IssuerOptions, 'audience' | 'introspection' | 'jwks' | 'jwksUri'>

/** Options of {@link auth0}. */
export interface Auth0Options extends Shared {
  /** The tenant's domain, or a custom one: `example.eu.auth0.com`. */
  readonly domain: string
}

/**
 * Describes the tokens of Auth0: its own profile, and that of RFC 9068. `audience` is the API's *Identifier*. A request without `audience`
 * gets an encrypted token that no API can check. With RBAC, the claim `permissions` is in `token.claims`.
 *
 * @see https://auth0.com/docs/secure/tokens/access-tokens/access-token-profiles
 */
export function auth0({ domain, ...shared }: Auth0Options): IssuerOptions {
  // The profile of Auth0 has `azp` in place of `client_id`, no `jti`, and the type "JWT".
  return { ...shared, issuer: `https://${hostIn(domain, 'auth0')}/`, profile: ANY_JWT }
}

/** Options of {@link cognito}. */
export interface CognitoOptions extends Omit<Shared, 'audience'> {
  /** The region: `eu-central-1`. */
  readonly region: string
  /** The id of the user pool: `eu-central-1_example`. */
  readonly userPoolId: string
  /** The app clients whose tokens are accepted. Access tokens of Cognito have no `aud`, so this takes its place. */
  readonly clientIds: readonly string[]
  /** What the claim `aud` must have, if clients bind their tokens to a resource. Default: it is not checked. */
  readonly audience?: string | undefined
}

/**
 * Describes the tokens of Amazon Cognito: no `typ`, no `aud`, `token_use` tells them from ID tokens. Anyone who signs in at one of the app
 * clients may call the API: require a scope of a resource server, such as `https://api.example.com/orders.read`.
 *
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html
 */
export function cognito({ region, userPoolId, clientIds, audience, ...shared }: CognitoOptions): IssuerOptions {
  const issuer = `https://cognito-idp.${region}.amazonaws.com/${userPoolId}`
  return {
    ...shared,
    issuer,
    audience: clientIds,
    profile: {
      ...ANY_JWT,
      requiredClaims: ['token_use', 'client_id'],
      audience: ({ client_id: clientId }) => clientId,
      check: (claims, header) => {
        if (claims['token_use'] !== 'access') return 'its "token_use" is not "access"'
        if (audience !== undefined && !hasAudience(claims.aud, [audience])) return 'its "aud" is that of another API'
        return ANY_JWT.check(claims, header)
      },
    },
  }
}

/** Options of {@link entra}. */
export interface EntraOptions extends Pick<Shared, 'jwks'> {
  /** The tenant's id, a GUID. Tokens of other tenants are refused. */
  readonly tenantId: string
  /** The API's *Application (client) ID*, and its *Application ID URI* (`api://…`) for tokens of version 1. */
  readonly audience: string | readonly string[]
  /** The host of a national cloud. Default `login.microsoftonline.com`. */
  readonly host?: string | undefined
}

/**
 * Describes the tokens of Microsoft Entra ID, of version 1 and 2: which one an API gets is `requestedAccessTokenVersion` in its manifest.
 * The scope of a user's token is in `scp`; an app's own token has `roles`, which are in `token.claims`. Returns two issuers.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference
 * @see https://learn.microsoft.com/en-us/answers/questions/1190472/what-are-the-token-issuers-for-the-sovereign-cloud
 */
export function entra({ tenantId, audience, host = 'login.microsoftonline.com', jwks }: EntraOptions): readonly IssuerOptions[] {
  if (!/^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(tenantId)) {
    throw new TypeError(
      `entra: "tenantId" must be the GUID of one tenant, because the issuer contains it. Received ${JSON.stringify(tenantId)}`,
    )
  }
  const login = `https://${hostIn(host, 'entra')}/${tenantId}`
  const shared = {
    audience,
    jwks,
    profile: {
      ...ANY_JWT,
      requiredClaims: ['ver', 'tid'],
      scope: ({ scp }: Readonly<Record<string, unknown>>) => scp,
      clientId: ({ azp, appid }: Readonly<Record<string, unknown>>) => azp ?? appid,
      check: (claims: Readonly<Record<string, unknown>>, header: Parameters<typeof ANY_JWT.check>[1]) => {
        // ID tokens have neither, and may have the same audience.
        if (claims['azp'] === undefined && claims['appid'] === undefined)
          return 'it has no "azp" or "appid", so it is an ID token'
        return claims['tid'] === tenantId.toLowerCase() ? ANY_JWT.check(claims, header) : 'it is of another tenant ("tid")'
      },
    },
  }
  return [
    { ...shared, issuer: `${login.toLowerCase()}/v2.0`, jwksUri: `${login}/discovery/v2.0/keys` },
    {
      ...shared,
      issuer: `${host.endsWith('.cn') ? 'https://sts.chinacloudapi.cn' : 'https://sts.windows.net'}/${tenantId.toLowerCase()}/`,
      jwksUri: `${login}/discovery/keys`,
    },
  ]
}

/** Options of {@link keycloak}. */
export interface KeycloakOptions extends Shared {
  /** The realm's URL: `https://id.example.com/realms/example`; before Keycloak 17, with `/auth` before `/realms`. */
  readonly issuer: string
}

/**
 * Describes the tokens of Keycloak: the claim `typ` is `Bearer` or `DPoP`, the header's `typ` is `JWT`, or `at+jwt` if the client has that
 * switched on. A token is for an API only if an *Audience* mapper adds it; else its `aud` is `account`, or missing. Roles are in
 * `token.claims`.
 *
 * @see https://github.com/keycloak/keycloak/issues/34146
 */
export function keycloak({ issuer, ...shared }: KeycloakOptions): IssuerOptions {
  return {
    ...shared,
    issuer: issuer.replace(/\/+$/, ''),
    profile: {
      ...ANY_JWT,
      requiredClaims: ['typ'],
      // Access tokens repeat the nonce before version 25, and later with a mapper, so it does not tell them from ID tokens.
      check: ({ typ }) => (typ === 'Bearer' || typ === 'DPoP' ? undefined : 'its claim "typ" is not "Bearer" or "DPoP"'),
    },
  }
}

function hostIn(value: string, owner: string): string {
  if (toUrl(`https://${value}`)?.host === value.toLowerCase()) return value.toLowerCase()
  throw new TypeError(`${owner}: expected a host such as "example.eu.auth0.com". Received ${JSON.stringify(value)}`)
}
