import { useConnection } from '../connection/connection-context.js'
import { isBuiltIn } from '../connection/stored-connection.js'
import { useNetworkAddresses } from '../connection/use-network-addresses.js'
import { usePageState } from '../ui/use-page-state.js'

/** How a phone reaches the authorization server. */
export interface PhoneAddressChoice {
  /** Origins of the built-in server in the network; undefined until they are known, and for a server that the user has chosen. */
  readonly addresses: readonly string[] | undefined
  /** The chosen one of them; undefined if there is none. */
  readonly address: string | undefined
  readonly choose: (address: string) => void
}

const defaults = { address: '' }

/** Returns the addresses at which a phone opens the built-in server, and the chosen one, which is part of the page's URL. */
export function usePhoneAddress(): PhoneAddressChoice {
  const { connection } = useConnection()
  const known = useNetworkAddresses()
  const [chosen, change] = usePageState(defaults)
  const addresses = isBuiltIn(connection) ? known : undefined
  const address = addresses?.find((one) => one === chosen.address) ?? addresses?.[0]
  return { addresses, address, choose: (next) => change({ address: next }) }
}
