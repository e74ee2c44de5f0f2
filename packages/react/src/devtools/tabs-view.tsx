'use client'
import type { OAuthClient } from '@latchkey/core'
import { clientKeyOf } from '@latchkey/core/internals'
import { useEffect, useState, type ReactElement } from 'react'
import { holdTabLock, readTabs, tabLockName, type TabsState } from './tab-presence.js'

const INTERVAL_MS = 1000
let ownName: string | undefined

/** Lists this page as a tab with devtools, for as long as the component is mounted. */
export function useTabPresence(): void {
  useEffect(() => {
    if (!('locks' in navigator)) return undefined
    ownName ??= tabLockName(Date.now(), location.pathname)
    return holdTabLock(navigator.locks, ownName)
  }, [])
}

/** The tabs of this app with devtools, and which of them refreshes the session. */
export function TabsView({ client }: { readonly client: OAuthClient<unknown> }): ReactElement {
  const state = useTabs(client)
  return (
    <section aria-label="Tabs">
      <h2>Tabs</h2>
      {!state && <p className="lk-note">The browser does not name them.</p>}
      {state && (
        <>
          <ul>
            {state.tabs.map(({ isThis, openedAt, path }, index) => (
              <li key={openedAt}>
                {isThis ? <strong>This tab</strong> : `Tab ${index + 1}`}{' '}
                <small>{`opened ${new Date(openedAt).toLocaleTimeString()} at ${path}`}</small>
              </li>
            ))}
          </ul>
          <p>
            Refresh lock: <strong>{state.holder ? `held by ${state.holder}` : 'free'}</strong>
            {state.waiting > 0 && `, ${state.waiting} waiting`}
          </p>
        </>
      )}
    </section>
  )
}

function useTabs(client: OAuthClient<unknown>): TabsState | undefined {
  const [state, setState] = useState<TabsState>()
  useEffect(() => {
    if (!('locks' in navigator)) return undefined
    const key = clientKeyOf(client)
    const read = (): void => void readTabs(navigator.locks, ownName ?? '', key).then(setState, () => undefined)
    read()
    const timer = setInterval(read, INTERVAL_MS)
    return () => clearInterval(timer)
  }, [client])
  return state
}
