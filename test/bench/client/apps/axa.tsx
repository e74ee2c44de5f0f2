import { OidcProvider, TokenAutomaticRenewMode, useOidc, useOidcFetch, useOidcIdToken } from '@axa-fr/react-oidc'
import type { ReactElement, ReactNode } from 'react'
import { API, bench, SCOPE, show } from './page.js'

const { issuer, clientId } = bench
const configuration = {
  authority: issuer,
  client_id: clientId,
  // The page at this address is the callback, whatever its query.
  redirect_uri: `${location.origin}/callback`,
  scope: SCOPE,
  storage: localStorage,
  // As its service worker does, which this page does not register: tokens are renewed when a call needs them.
  token_automatic_renew_mode: TokenAutomaticRenewMode.AutomaticOnlyWhenFetchExecuted,
  monitor_session: false,
}
const Nothing = (): null => null

function Provider({ children }: { readonly children?: ReactNode }): ReactElement {
  return (
    <OidcProvider
      configuration={configuration}
      configurationName={clientId}
      loadingComponent={Nothing}
      authenticatingComponent={Nothing}
      callbackSuccessComponent={Nothing}
    >
      {children}
    </OidcProvider>
  )
}

show({
  Provider,
  useName() {
    const { idTokenPayload } = useOidcIdToken(clientId)
    return idTokenPayload?.name as string | undefined
  },
  useSignIn() {
    const { login } = useOidc(clientId)
    return () => login('/')
  },
  useCall() {
    const { fetch: authedFetch } = useOidcFetch(undefined, clientId)
    return () => authedFetch(API)
  },
  useRefresh() {
    const { renewTokens } = useOidc(clientId)
    return () => renewTokens()
  },
})
