import { useAuthedQuery, useLogin, useLogout, useOAuth, useUser } from '@latchkey/react'

/** The app that each recipe tests. */
export function App() {
  const { status, error } = useOAuth()
  const { login, isPending } = useLogin()
  if (status === 'restoring') return null
  if (status === 'signed-in') return <Orders />
  return (
    <>
      {error?.code === 'token_invalid' && <p role="alert">Your session has expired.</p>}
      {error?.error === 'access_denied' && <p role="alert">You cancelled the sign-in.</p>}
      <button onClick={() => void login()} disabled={isPending}>
        Sign in
      </button>
    </>
  )
}

export function Orders() {
  const { name } = useUser()
  const { logout } = useLogout()
  const { data, error } = useAuthedQuery({
    queryKey: ['orders'],
    queryFn: async (fetch) => {
      const response = await fetch('https://api.example.com/orders')
      if (!response.ok) throw new Error(`The API responded with ${response.status}.`)
      return (await response.json()) as string[]
    },
  })
  return (
    <>
      <h1>Orders of {String(name)}</h1>
      <button onClick={() => void logout()}>Sign out</button>
      {error && <p role="alert">Your orders could not be loaded.</p>}
      <ul>
        {data?.map((order) => (
          <li key={order}>{order}</li>
        ))}
      </ul>
    </>
  )
}
