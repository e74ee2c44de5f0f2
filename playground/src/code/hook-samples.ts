import type { Connection } from '../connection/connection.js'
import { clientOptionsCode, providerCode } from './sample.js'

/** The code of the pages whose sign-in is the one of the first page: what the hooks do afterwards. */

export const userCode = `
import { useOAuth, useUserInfo } from '@latchkey/react'

export function Greeting() {
  const { claims } = useOAuth()
  const { data, isPending } = useUserInfo()
  if (isPending) return <p>Hello, {claims?.name}…</p>
  return <p>Hello, {data?.name ?? claims?.name} ({data?.email})</p>
}
`

export const tokenCode = `
import { useToken } from '@latchkey/react'

export function TokenStatus() {
  const { expiresAt, scope, refresh } = useToken()
  const end = expiresAt && new Date(expiresAt * 1000).toLocaleTimeString()
  return (
    <>
      <p>Scope {scope}, expires at {end}.</p>
      <button onClick={() => void refresh()}>Refresh now</button>
    </>
  )
}
`

/** @param url of the API */
export function apiCode(url: string): string {
  return `
import { useAuthedFetch } from '@latchkey/react'
import { useState } from 'react'

export function Orders() {
  const authedFetch = useAuthedFetch()
  const [status, setStatus] = useState<number>()
  const load = async () => {
    const response = await authedFetch(${JSON.stringify(url)})
    setStatus(response.status)
  }
  return <button onClick={() => void load()}>Load{status && \` (\${status})\`}</button>
}
`
}

export const signOutCode = `
import { useLogout } from '@latchkey/react'

export function SignOutButtons() {
  const { logout, isPending } = useLogout()
  return (
    <>
      <button disabled={isPending} onClick={() => void logout()}>
        Sign out
      </button>
      <button disabled={isPending} onClick={() => void logout({ local: true })}>
        Sign out of this app
      </button>
    </>
  )
}
`

/** @param token what is revoked */
export function revocationCode(token: 'refresh' | 'access'): string {
  return token === 'refresh' ? revokeRefreshTokenCode : revokeAccessTokenCode
}

const revokeRefreshTokenCode = `
import { useOAuth } from '@latchkey/react'

export function RevokeButton() {
  const { client } = useOAuth()
  // Revokes the refresh token. The session stays until the next refresh.
  // To sign out, call logout(): it revokes the tokens too.
  return <button onClick={() => void client.revoke()}>Revoke</button>
}
`

const revokeAccessTokenCode = `
import { useOAuth, useToken } from '@latchkey/react'

export function RevokeButton() {
  const { client } = useOAuth()
  const { accessToken } = useToken()
  // The refresh token stays valid: the next refresh returns a new access token.
  return <button onClick={() => void client.revoke(accessToken)}>Revoke</button>
}
`

export function stepUpCode(connection: Connection): string {
  return `
import { OAuthProvider, useAuthedFetch } from '@latchkey/react'

export function App() {
  return (
${providerCode(connection, ['stepUp="popup"'], '<TransferButton />')}
  )
}

function TransferButton() {
  const authedFetch = useAuthedFetch()
  // If the API requires a stronger sign-in, the popup opens, and the request is sent again.
  const transfer = () => authedFetch('/api/transfers', { method: 'POST' })
  return <button onClick={() => void transfer()}>Transfer</button>
}
`
}

export const deviceCode = `
// The server of the Vite plugin has no device grant until you add it in vite.config.ts:
// latchkey({ server: { features: [device()] } }), with device() of '@latchkey/server/device'.
import { useDeviceLogin } from '@latchkey/react'

export function SignInOnTv() {
  const { status, instructions, error, login } = useDeviceLogin()
  if (status === 'waiting') {
    const { verificationUri, userCode } = instructions
    return <p>Open {verificationUri} and enter {userCode}</p>
  }
  return <button onClick={() => void login()}>Sign in{error && \` (\${error.code})\`}</button>
}
`

export function accountsCode(connection: Connection): string {
  return `
import { createAccounts } from '@latchkey/core/accounts'
import { AccountsProvider, useAccounts } from '@latchkey/react'

const accounts = createAccounts(${clientOptionsCode(connection)})

export function App() {
  return (
    <AccountsProvider accounts={accounts}>
      <AccountMenu />
    </AccountsProvider>
  )
}

function AccountMenu() {
  const { accounts: all, active, add, switchTo, signOut } = useAccounts()
  return (
    <>
      {all.map((account) => (
        <button key={account.id} aria-pressed={account === active} onClick={() => switchTo(account)}>
          {account.claims.name}
        </button>
      ))}
      <button onClick={() => void add({ transport: 'popup' })}>Add account</button>
      <button disabled={!active} onClick={() => void signOut(active)}>Sign out</button>
    </>
  )
}
`
}
