// The main job: sign in by redirect, show the claims, call an API.
import { OAuthProvider, useAuthedFetch, useOAuth } from '@latchkey/react'
import { StrictMode, useState } from 'react'
import { createRoot } from 'react-dom/client'

function Page() {
  const { isSignedIn, claims, error, login } = useOAuth()
  const authedFetch = useAuthedFetch()
  const [answer, setAnswer] = useState('')
  if (error) return <p>{error.hint}</p>
  if (!isSignedIn) return <button onClick={() => void login()}>Sign in</button>
  return (
    <>
      <p>{claims.name}</p>
      <button onClick={() => void authedFetch('/me').then(async (response) => setAnswer(await response.text()))}>
        {answer || 'Call'}
      </button>
    </>
  )
}

createRoot(document.body).render(
  <StrictMode>
    <OAuthProvider issuer="https://id.example.com" clientId="spa" scope="openid profile email offline_access">
      <Page />
    </OAuthProvider>
  </StrictMode>,
)
