import { useLogin, useLogout, useOAuth, useToken } from '@latchkey/react'

export function User() {
  const { status, claims } = useOAuth()
  const { login, isPending } = useLogin()
  const { logout } = useLogout()
  // On the server too: it does not know the session.
  if (status === 'restoring') return <span>…</span>
  if (status === 'signed-out') {
    return (
      <button disabled={isPending} onClick={() => void login()}>
        Sign in
      </button>
    )
  }
  return (
    <>
      {claims.name} <RefreshButton /> <button onClick={() => void logout()}>Sign out</button>
    </>
  )
}

function RefreshButton() {
  const { expiresAt, refresh } = useToken()
  return (
    <button
      title={`The token expires at ${new Date((expiresAt ?? 0) * 1000).toLocaleTimeString()}`}
      onClick={() => void refresh()}
    >
      Refresh
    </button>
  )
}
