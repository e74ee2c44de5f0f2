'use client'
import { useEffect, useState } from 'react'
import type { HeldClient } from './clients.js'
import { useOAuthContext } from './oauth-context.js'
import type { OAuthProviderProps } from './oauth-provider.js'
import { dropQueries, refetchDropped } from './query-cache.js'
import { onUserGone } from './subject.js'
import { useLatest } from './use-latest.js'

interface SessionKeeperProps {
  readonly held: HeldClient
  readonly name: string
  readonly clearsAll: boolean
  readonly onError: OAuthProviderProps['onError']
  readonly onSignedIn: OAuthProviderProps['onSignedIn']
}

/** Runs one client while it is mounted: starts and closes it, tells the app what happens, and keeps one user's data from the next. */
export function SessionKeeper({ held, name, clearsAll, onError, onSignedIn }: SessionKeeperProps): null {
  const { client } = held
  const { queryCaches } = useOAuthContext()
  const [usersGone, setUsersGone] = useState(0)
  const latest = useLatest({
    onError,
    onSignedIn,
    onUserGone: () => {
      queryCaches.forEach((cache) => dropQueries(cache, clearsAll))
      setUsersGone((former) => former + 1)
    },
  })
  useEffect(() => {
    const stops = [
      client.on('error', ({ error }) => latest.current.onError?.(error, name)),
      client.on('signed-in', ({ returnTo }) => {
        if (returnTo !== undefined) latest.current.onSignedIn?.(returnTo, name)
      }),
      onUserGone(client, () => latest.current.onUserGone()),
    ]
    keep(held)
    return () => {
      stops.forEach((stop) => stop())
      release(held)
    }
  }, [client, held, latest, name])
  // After React has taken the former user's components away: what is still there asks anew, as after a reload.
  useEffect(() => {
    // In a microtask: this effect runs before those of the components below, which then still look at the former user's queries.
    if (usersGone > 0) queueMicrotask(() => queryCaches.forEach(refetchDropped))
  }, [queryCaches, usersGone])
  return null
}

function keep(held: HeldClient): void {
  held.keepers++
  held.started = held.client.start()
}

/**
 * Closes the client unless it is kept again at once: StrictMode unmounts and mounts in one go, and a client that is closed in
 * between would break off the code exchange it has begun. A client that was given is its maker's to close.
 */
function release(held: HeldClient): void {
  held.keepers--
  queueMicrotask(() => {
    if (held.keepers === 0 && held.client !== held.identity) void held.client.close()
  })
}
