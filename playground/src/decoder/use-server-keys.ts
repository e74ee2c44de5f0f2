import type { JWK } from 'jose'
import { useCallback } from 'react'
import { useConnection } from '../connection/connection-context.js'
import { experimentFetch } from '../network-log/logging-fetch.js'

/** @returns a function that fetches the public keys of the current server; it rejects with an Error that names the address */
export function useServerKeys(): () => Promise<readonly JWK[]> {
  const { issuer } = useConnection().connection
  return useCallback(async () => {
    const metadata = await fetchJson(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`)
    const { keys } = await fetchJson(String(metadata['jwks_uri']))
    return Array.isArray(keys) ? (keys as readonly JWK[]) : []
  }, [issuer])
}

async function fetchJson(url: string): Promise<Readonly<Record<string, unknown>>> {
  const response = await experimentFetch(url)
  if (!response.ok) throw new Error(`${url} responded with status ${response.status}`)
  return (await response.json()) as Readonly<Record<string, unknown>>
}
