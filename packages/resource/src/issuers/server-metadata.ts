import {
  allowInsecureRequests,
  customFetch,
  discoveryRequest,
  processDiscoveryResponse,
  type AuthorizationServer,
} from 'oauth4webapi'
import { oauthFetch, type Fetch } from '../http/fetch-json.js'

/** Milliseconds that metadata are used. */
const MAX_AGE_MS = 3_600_000

/** Loads an issuer's metadata, and keeps them for an hour. */
export interface MetadataLoader {
  /** Returns the metadata. Rejects if neither document can be loaded, or if it is of another issuer. */
  load(): Promise<AuthorizationServer>
  /** Makes the next call load them again. */
  forget(): void
}

/** Creates the loader of an issuer's metadata. @see OpenID Connect Discovery 1.0, section 4; RFC 8414, section 3 */
export function createMetadataLoader(
  issuer: string,
  { fetch, now }: { readonly fetch: Fetch; readonly now: () => number },
): MetadataLoader {
  let loaded: { readonly at: number; readonly metadata: Promise<AuthorizationServer> } | undefined
  return {
    load: () => {
      if (loaded && now() - loaded.at < MAX_AGE_MS) return loaded.metadata
      const metadata = discover(issuer, fetch)
      const entry = { at: now(), metadata }
      loaded = entry
      metadata.catch(() => {
        if (loaded === entry) loaded = undefined
      })
      return metadata
    },
    forget: () => {
      loaded = undefined
    },
  }
}

async function discover(issuer: string, fetch: Fetch): Promise<AuthorizationServer> {
  const url = new URL(issuer)
  const load = async (algorithm: 'oidc' | 'oauth2'): Promise<AuthorizationServer> => {
    const options = { algorithm, [customFetch]: oauthFetch(fetch), [allowInsecureRequests]: url.protocol === 'http:' }
    return processDiscoveryResponse(url, await discoveryRequest(url, options))
  }
  try {
    return await load('oidc')
  } catch (first) {
    return load('oauth2').catch(() => {
      throw first
    })
  }
}
