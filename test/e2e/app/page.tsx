import { passwordGrant } from '@latchkey/core/grants'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { requireSignIn, useAuthedFetch, useOAuth, useUserInfo } from '@latchkey/react'
import { useState } from 'react'
import { settings } from './settings.js'

export function Page() {
  const { status, activity, claims, error, client, login, logout } = useOAuth()
  const queryClient = useQueryClient()
  const [isProfileShown, setProfileShown] = useState(false)
  // For the scripts of the tests. A real app does not publish its client.
  Object.assign(window, { queryClient, client, passwordGrant, requireSignIn })
  const popup = settings.popupRedirectUri ? { redirectUri: settings.popupRedirectUri } : {}
  return (
    <main>
      <output data-testid="status">{status}</output>
      <output data-testid="activity">{activity}</output>
      <output data-testid="name">{claims?.name}</output>
      <output data-testid="error">{error?.code}</output>
      <output data-testid="hint">{error?.hint}</output>
      <button id="sign-in" onClick={() => attempt(login({ transport: 'redirect' }))}>
        Sign in
      </button>
      <button id="sign-in-popup" onClick={() => attempt(login({ transport: 'popup', ...popup }))}>
        Sign in by popup
      </button>
      <button onClick={() => attempt(login({ prompt: 'login' }))}>Sign in as another user</button>
      <button onClick={() => attempt(client.refresh())}>Refresh</button>
      <button id="sign-out" onClick={() => attempt(logout())}>
        Sign out
      </button>
      <button id="sign-out-here" onClick={() => attempt(logout({ local: true }))}>
        Sign out here
      </button>
      <button onClick={() => attempt(login({ transport: 'popup', prompt: 'login', ...popup }))}>
        Sign in as another user by popup
      </button>
      <button onClick={() => setProfileShown(true)}>Show the profile</button>
      <Api />
      {status === 'signed-in' && isProfileShown && <Profile />}
    </main>
  )
}

/** A failure is shown by `useOAuth().error`. */
function attempt(action: Promise<unknown>): void {
  action.catch(() => undefined)
}

function Api() {
  const authedFetch = useAuthedFetch()
  const [answer, setAnswer] = useState('')
  const call = async (init: RequestInit = {}): Promise<void> => {
    const response = await authedFetch(settings.api, init)
    setAnswer(response.ok ? `${response.status} ${await response.text()}` : String(response.status))
  }
  const press = (init?: RequestInit): void => void call(init).catch((error: unknown) => setAnswer(codeOf(error)))
  return (
    <>
      <button id="call-api" onClick={() => press()}>
        Call the API
      </button>
      <button id="write-api" onClick={() => press({ method: 'POST', body: new URLSearchParams({ note: 'ü' }) })}>
        Write to the API
      </button>
      <button id="poke-api" onClick={() => press({ method: 'POST' })}>
        Poke the API
      </button>
      <output data-testid="answer">{answer}</output>
    </>
  )
}

function Profile() {
  const userInfo = useUserInfo()
  const authedFetch = useAuthedFetch()
  // The app's own cache of user data, which must be cleared at the sign-out.
  const own = useQuery({ queryKey: ['own-data'], queryFn: async () => (await authedFetch(settings.api)).text() })
  return (
    <>
      <output data-testid="email">{userInfo.data?.email}</output>
      <output data-testid="own-data">{own.data}</output>
    </>
  )
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error)
}
