import { useLogin, useLogout, useOAuth, useToken } from '@latchkey/react'
import { Link, Outlet, useRouterState } from '@tanstack/react-router'

export function Layout() {
  const isLoading = useRouterState({ select: ({ isLoading }) => isLoading })
  return (
    <>
      <nav>
        <Link to="/">Home</Link>{' '}
        <Link to="/orders" search={{ page: 2 }} hash="row-2">
          Orders
        </Link>{' '}
        <User />
      </nav>
      <main aria-busy={isLoading}>
        <Outlet />
      </main>
    </>
  )
}

function User() {
  const { status, claims } = useOAuth()
  const { login, isPending } = useLogin()
  const { logout } = useLogout()
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
