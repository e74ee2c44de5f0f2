import type { Resource } from '../fetch/fetch-options.js'
import type { ProtocolOptions } from '../protocol/protocol-options.js'

/** Options for one provider, to be spread: `createOAuthClient({ ...github(), clientId })`. */
export type Preset = Pick<
  ProtocolOptions,
  | 'issuer'
  | 'metadataUrl'
  | 'server'
  | 'acceptedIssuers'
  | 'trustedAudiences'
  | 'scope'
  | 'params'
  | 'tokenParams'
  | 'isSessionEnd'
  | 'compliance'
> & {
  readonly resources?: ReadonlyArray<string | Resource> | undefined
}

/**
 * Options of a provider whose token endpoint a page cannot use: it sends no CORS headers, or requires a client secret. The requests go to
 * your own proxy, which forwards them and adds the secret. Without a proxy such a preset refuses the code flow in a browser.
 */
export interface ProxyOptions {
  /** URL of the proxy. In an extension that may call the provider, its own token endpoint. */
  readonly tokenEndpoint?: string | undefined
}

/** Options of a provider whose keys and UserInfo endpoint send no CORS headers either. */
export interface OpenIdProxyOptions extends ProxyOptions {
  /** URL of a proxy for the key set, with which ID tokens are checked. */
  readonly jwksUri?: string | undefined
  /** URL of a proxy for the UserInfo endpoint. */
  readonly userInfoEndpoint?: string | undefined
}
