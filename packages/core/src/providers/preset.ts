import type { Resource } from '../fetch/fetch-options.js'
import type { ProtocolOptions } from '../protocol/protocol-options.js'

/** Options for one provider, to be spread: `createOAuthClient({ ...github(), clientId })`. */
export type Preset = Pick<ProtocolOptions, 'issuer' | 'server' | 'scope' | 'params' | 'compliance'> & {
  readonly resources?: ReadonlyArray<string | Resource> | undefined
}

/**
 * Options of a provider whose token endpoint sends no CORS headers. A page cannot reach it, so the request goes to your own proxy, which
 * forwards it and can add the client secret that some of these providers require.
 */
export interface ProxyOptions {
  /** URL of the proxy. */
  readonly tokenEndpoint?: string
}
