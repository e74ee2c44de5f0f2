import { useOAuth, useUserInfo } from '@latchkey/react'

/** Shows the active account. The hooks follow when the user switches. */
export function Profile() {
  const { status, isSignedIn } = useOAuth()
  if (status === 'restoring') return <p>Loading …</p>
  return isSignedIn ? <UserInfo /> : <p>No account is signed in.</p>
}

function UserInfo() {
  const { data, error, isPending } = useUserInfo()
  if (error) return <p role="alert">{error.message}</p>
  return <p>{isPending ? 'Loading …' : `Email: ${data.email}`}</p>
}
