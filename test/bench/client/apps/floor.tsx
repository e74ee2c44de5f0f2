// The least that an app writes by hand.
import { useEffect, useSyncExternalStore, type ReactNode } from 'react'
import { call, currentTokens, refresh, signIn, start, subscribe } from './floor-client.js'
import { API, show } from './page.js'

const nameOf = (): string | undefined => currentTokens()?.name

function Provider({ children }: { readonly children?: ReactNode }): ReactNode {
  useEffect(() => void start(), [])
  return children
}

show({
  Provider,
  useName: () => useSyncExternalStore(subscribe, nameOf),
  useSignIn: () => signIn,
  useCall: () => () => call(API),
  useRefresh: () => refresh,
})
