'use client'
import type { OAuthClientError } from '@latchkey/core'
import { useEffect, useState } from 'react'
import type { ProviderClient } from './clients.js'
import { useOAuthContext } from './oauth-context.js'
import { dropQueries, refetchDropped } from './query-cache.js'
import { onUserGone } from './subject.js'
import { useLatest } from './use-latest.js'

/** What the app is notified of by props of the provider. */
export interface ProviderListeners {
  /**
   * Called with every failure of every client.
   *
   * @param name of the client that failed
   */
  readonly onError?: ((error: OAuthClientError, name: string) => void) | undefined
  /**
   * Called when a sign-in succeeded in this tab.
   *
   * @param returnTo the path on this origin where the app continues
   * @param name of the client
   */
  readonly onSignedIn?: ((returnTo: string, name: string) => void) | undefined
}

interface ClientRunnerProps extends ProviderListeners {
  readonly entry: ProviderClient
  readonly name: string
  /** False: only queries of this package's hooks are dropped when the user changes. */
  readonly clearsWholeCache: boolean
}

/** Starts one client on mount and closes it on unmount, forwards its events to the app, and drops one user's data before the next. */
export function ClientRunner({ entry, name, clearsWholeCache, onError, onSignedIn }: ClientRunnerProps): null {
  const { client } = entry
  const { queryCaches } = useOAuthContext()
  const [userChanges, setUserChanges] = useState(0)
  const latest = useLatest({
    onError,
    onSignedIn,
    onUserGone: () => {
      queryCaches.forEach((cache) => dropQueries(cache, clearsWholeCache))
      setUserChanges((count) => count + 1)
    },
  })
  useEffect(() => {
    const unsubscribers = [
      client.on('error', ({ error }) => latest.current.onError?.(error, name)),
      client.on('signed-in', ({ returnTo }) => {
        // Once the page shows `returnTo`, if the response is in its own URL.
        if (returnTo !== undefined) void entry.started?.then(() => latest.current.onSignedIn?.(returnTo, name))
      }),
      onUserGone(client, () => latest.current.onUserGone()),
    ]
    mount(entry)
    return () => {
      unsubscribers.forEach((unsubscribe) => unsubscribe())
      unmount(entry)
    }
  }, [client, entry, latest, name])
  // React has unmounted the previous user's components by now. Components that remain fetch again, as after a reload.
  useEffect(() => {
    // In a microtask, because this effect runs before those of the children, which still observe the previous user's queries.
    if (userChanges > 0) queueMicrotask(() => queryCaches.forEach(refetchDropped))
  }, [queryCaches, userChanges])
  return null
}

function mount(entry: ProviderClient): void {
  entry.mountCount++
  entry.started = entry.client.start()
}

/**
 * Closes the client unless it is mounted again at once: StrictMode unmounts and remounts synchronously, and closing in between
 * would abort the code exchange in progress. A client that the app passed in is closed by the app.
 */
function unmount(entry: ProviderClient): void {
  entry.mountCount--
  queueMicrotask(() => {
    if (entry.mountCount === 0 && entry.client !== entry.identity) void entry.client.close()
  })
}
