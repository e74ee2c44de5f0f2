import { useState } from 'react'
import { usePageState } from '../ui/use-page-state.js'
import { type ConfidentialClient, demoClient } from './confidential-client.js'

const defaults = { clientId: demoClient.clientId }

/** Returns the client of the page's form, and a function that changes it. Only the client ID is part of the URL. */
export function useConfidentialClient(): readonly [ConfidentialClient, (client: ConfidentialClient) => void] {
  const [{ clientId }, change] = usePageState(defaults)
  const [clientSecret, setSecret] = useState(demoClient.clientSecret)
  const set = (client: ConfidentialClient): void => {
    setSecret(client.clientSecret)
    change({ clientId: client.clientId })
  }
  return [{ clientId, clientSecret }, set]
}
