import type { OAuth1ClientOptions } from './oauth1-client-options.js'

/** Builds the URL where the user allows the access. @see RFC 5849, section 2.2 */
export function authorizationUrl(
  { authorizationUrl: address }: Pick<OAuth1ClientOptions, 'authorizationUrl'>,
  token: string | undefined,
  parameters: Readonly<Record<string, string>> | undefined,
): URL {
  const url = new URL(address as string)
  for (const pair of Object.entries({ ...parameters, oauth_token: token as string })) url.searchParams.set(...pair)
  return url
}
