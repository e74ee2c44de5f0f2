'use client'
import { useOAuth, useSuspenseUser } from '@latchkey/react'

export function Greeting() {
  const user = useSuspenseUser()
  const { login } = useOAuth()
  return (
    <p>
      Hello {user?.name ?? 'guest'} <button onClick={() => void login()}>Sign in</button>
    </p>
  )
}

export function Status() {
  return <p>Status: {useOAuth().status}</p>
}
