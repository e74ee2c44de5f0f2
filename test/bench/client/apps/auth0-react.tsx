import { Auth0Provider, useAuth0 } from '@auth0/auth0-react'
import type { ReactElement, ReactNode } from 'react'
import { API, bench, SCOPE, show } from './page.js'

const { issuer, clientId } = bench

function Provider({ children }: { readonly children?: ReactNode }): ReactElement {
  return (
    <Auth0Provider
      domain={issuer.replace(/\/$/, '')}
      clientId={clientId}
      authorizationParams={{ redirect_uri: `${location.origin}/`, scope: SCOPE }}
      cacheLocation="localstorage"
      useRefreshTokens
    >
      {children}
    </Auth0Provider>
  )
}

show({
  Provider,
  useName() {
    const { isAuthenticated, user } = useAuth0()
    return isAuthenticated ? user?.name : undefined
  },
  useSignIn() {
    const { loginWithRedirect } = useAuth0()
    return () => loginWithRedirect()
  },
  useCall() {
    const { getAccessTokenSilently } = useAuth0()
    return async () => fetch(API, { headers: { authorization: `Bearer ${await getAccessTokenSilently()}` } })
  },
  useRefresh() {
    const { getAccessTokenSilently } = useAuth0()
    return () => getAccessTokenSilently({ cacheMode: 'off' })
  },
})
