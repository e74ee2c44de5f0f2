import type { Resource } from '../fetch/fetch-options.js'
import type { ProtocolOptions } from '../protocol/protocol-options.js'

/** Options for one provider: data and compliance hooks, to be spread into `createOAuthClient({ ...github(), clientId })`. */
export type Preset = Pick<ProtocolOptions, 'issuer' | 'server' | 'scope' | 'params' | 'compliance'> & {
  readonly resources?: ReadonlyArray<string | Resource> | undefined
}

/**
 * Where a provider's token endpoint sends no CORS headers, a page cannot reach it: name a proxy of your own, which passes the
 * request on (and can add the secret that some of these providers want).
 */
export interface ProxyOptions {
  readonly tokenEndpoint?: string
}
