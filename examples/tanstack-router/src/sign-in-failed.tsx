import { OAuthClientError } from '@latchkey/core'
import { useLogin } from '@latchkey/react'
import { useLocation, type ErrorComponentProps } from '@tanstack/react-router'

export function SignInFailed({ error }: ErrorComponentProps) {
  const { href } = useLocation()
  const { login, isPending } = useLogin()
  if (!(error instanceof OAuthClientError)) throw error
  return (
    <div role="alert">
      <p>{error.message}</p>
      <button disabled={isPending} onClick={() => void login({ returnTo: href })}>
        Try again
      </button>
    </div>
  )
}
