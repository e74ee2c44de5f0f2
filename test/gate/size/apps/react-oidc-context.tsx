// The same app on react-oidc-context and oidc-client-ts, which check no signatures.
import { StrictMode, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { AuthProvider, useAuth } from 'react-oidc-context'

function Page() {
  const auth = useAuth()
  const { isAuthenticated, user, error } = auth
  const [answer, setAnswer] = useState('')
  if (error) return <p>{error.message}</p>
  if (!isAuthenticated) return <button onClick={() => void auth.signinRedirect()}>Sign in</button>
  const call = async (): Promise<void> => {
    const response = await fetch('/me', { headers: { Authorization: `Bearer ${user?.access_token}` } })
    setAnswer(await response.text())
  }
  return (
    <>
      <p>{user?.profile.name}</p>
      <button onClick={() => void call()}>{answer || 'Call'}</button>
    </>
  )
}

createRoot(document.body).render(
  <StrictMode>
    <AuthProvider
      authority="https://id.example.com"
      client_id="spa"
      redirect_uri={location.origin}
      scope="openid profile email offline_access"
    >
      <Page />
    </AuthProvider>
  </StrictMode>,
)
