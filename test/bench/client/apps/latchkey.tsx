import { OAuthProvider, useAuthedFetch, useLogin, useOAuth } from '@latchkey/react'
import type { ReactElement, ReactNode } from 'react'
import { API, bench, SCOPE, show } from './page.js'

const { issuer, clientId, named } = bench
const options = { issuer, clientId, scope: SCOPE }
/** The first is that of the hooks. The others have no session. */
const clients = Object.fromEntries(
  Array.from({ length: named }, (_, index) => [
    // The first has no name, as the client whose session is stored.
    index === 0 ? 'default' : `client-${index}`,
    index === 0 ? options : { ...options, clientId: `other-${index}` },
  ]),
)

function Provider({ children }: { readonly children?: ReactNode }): ReactElement {
  if (named > 1) return <OAuthProvider clients={clients}>{children}</OAuthProvider>
  return <OAuthProvider {...options}>{children}</OAuthProvider>
}

show({
  Provider,
  useName() {
    const { isSignedIn, claims } = useOAuth()
    return isSignedIn ? String(claims.name) : undefined
  },
  useSignIn() {
    const { login } = useLogin()
    return login
  },
  useCall() {
    const authedFetch = useAuthedFetch()
    return () => authedFetch(API)
  },
  useRefresh() {
    const { client } = useOAuth()
    return () => client.refresh()
  },
})
