// The main job: signs in by redirect with `useLogin`, shows the claims, calls an API.
import { OAuthProvider, useAuthedFetch, useLogin, useOAuth } from '@latchkey/react'
import { useState } from 'react'
import { createRoot } from 'react-dom/client'

function Page() {
  const { isSignedIn, claims } = useOAuth()
  const { login } = useLogin()
  const [showsCalls, setShowsCalls] = useState(false)
  if (!isSignedIn) return <button onClick={() => void login()}>Sign in</button>
  return (
    <>
      <p>{claims.name}</p>
      {showsCalls ? <Calls /> : <button onClick={() => setShowsCalls(true)}>Show</button>}
    </>
  )
}

function Calls() {
  const authedFetch = useAuthedFetch()
  const [count, setCount] = useState(0)
  return (
    <>
      <button onClick={() => void authedFetch('/me').then(() => setCount(count + 1))}>Call</button>
      <output>{`${count} calls`}</output>
    </>
  )
}

createRoot(document.body).render(
  <OAuthProvider issuer="https://id.example.com" clientId="spa" scope="openid profile email offline_access">
    <Page />
  </OAuthProvider>,
)
