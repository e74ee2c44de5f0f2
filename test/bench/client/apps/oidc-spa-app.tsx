import { oidcSpa } from 'oidc-spa/react-spa'
import type { ReactElement, ReactNode } from 'react'
import { API, bench, show } from './page.js'

const { issuer, clientId } = bench
const { bootstrapOidc, useOidc, getOidc, OidcInitializationGate } = oidcSpa.createUtils()
void bootstrapOidc({
  implementation: 'real',
  issuerUri: issuer,
  clientId,
  scopes: ['profile', 'email', 'offline_access'],
})

function Provider({ children }: { readonly children?: ReactNode }): ReactElement {
  return <OidcInitializationGate>{children}</OidcInitializationGate>
}

show({
  Provider,
  useName() {
    const { isUserLoggedIn, decodedIdToken } = useOidc()
    return isUserLoggedIn ? String(decodedIdToken['name']) : undefined
  },
  useSignIn() {
    const { login } = useOidc()
    return () => login?.()
  },
  useCall: () => async () => {
    const oidc = await getOidc({ assert: 'user logged in' })
    return fetch(API, { headers: { authorization: `Bearer ${await oidc.getAccessToken()}` } })
  },
  useRefresh: () => async () => {
    const oidc = await getOidc({ assert: 'user logged in' })
    await oidc.renewTokens()
  },
})
