import { WebStorageStateStore, type User } from 'oidc-client-ts'
import { useEffect, type ReactElement, type ReactNode } from 'react'
import { AuthProvider, useAuth } from 'react-oidc-context'
import { API, bench, SCOPE, show } from './page.js'

const { issuer, clientId } = bench
const userStore = new WebStorageStateStore({ store: localStorage })
const headersOf = (user: User | null | undefined): HeadersInit => ({ authorization: `Bearer ${user?.access_token}` })

/** `automaticSilentRenew` renews before the expiry, and not a user who was stored with an expired token. */
function ExpiredUser(): null {
  const auth = useAuth()
  const isDue = auth.user?.expired && !auth.isLoading && !auth.activeNavigator
  useEffect(() => {
    if (isDue) void auth.signinSilent()
    // oxlint-disable-next-line react/exhaustive-deps -- `auth` is another object in each render
  }, [isDue])
  return null
}

function Provider({ children }: { readonly children?: ReactNode }): ReactElement {
  return (
    <AuthProvider
      authority={issuer}
      client_id={clientId}
      redirect_uri={`${location.origin}/`}
      scope={SCOPE}
      userStore={userStore}
      onSigninCallback={() => history.replaceState({}, '', location.pathname)}
    >
      <ExpiredUser />
      {children}
    </AuthProvider>
  )
}

show({
  Provider,
  useName() {
    const { isAuthenticated, user } = useAuth()
    return isAuthenticated ? user?.profile.name : undefined
  },
  useSignIn() {
    const auth = useAuth()
    return () => auth.signinRedirect()
  },
  useCall() {
    const { user } = useAuth()
    return () => fetch(API, { headers: headersOf(user) })
  },
  useRefresh() {
    const auth = useAuth()
    return () => auth.signinSilent()
  },
})
