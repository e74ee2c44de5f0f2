import { useEffect, useState } from 'react'
import { NETWORK_ADDRESSES_PATH } from './network-addresses-path.js'

/** Returns the origins at which other devices in the network reach this dev server; undefined until they are known. */
export function useNetworkAddresses(): readonly string[] | undefined {
  const [addresses, setAddresses] = useState<readonly string[]>()
  useEffect(() => {
    fetch(NETWORK_ADDRESSES_PATH)
      .then(async (response) => setAddresses(textsOf(await response.json())))
      // A build that another server hosts has no such list.
      .catch(() => setAddresses([]))
  }, [])
  return addresses
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}
