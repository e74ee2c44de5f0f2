import { OAuthClientError } from '@latchkey/core'
import { useLogin } from '@latchkey/react'
import { useLocation, useRouteError } from 'react-router'

export function SignInFailed() {
  const error = useRouteError()
  const { pathname, search, hash } = useLocation()
  const { login, isPending } = useLogin()
  if (!(error instanceof OAuthClientError)) throw error
  return (
    <div role="alert">
      <p>{error.message}</p>
      <button disabled={isPending} onClick={() => void login({ returnTo: pathname + search + hash })}>
        Try again
      </button>
    </div>
  )
}
