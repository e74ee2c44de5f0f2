'use client'
import { useEffect, useLayoutEffect, useState, useSyncExternalStore, type ReactNode } from 'react'
import type { ProviderClients } from './clients.js'

interface CallbackGateProps {
  readonly clients: ProviderClients
  /** Shown while an authorization response is handled. */
  readonly callback: ReactNode
  readonly children: ReactNode
}

// React 18 warns about useLayoutEffect on a server.
const useMountEffect = typeof document === 'undefined' ? useEffect : useLayoutEffect

/**
 * Delays rendering the children for two reasons. While the URL is an authorization response, no code of the app may see it: it
 * would end up in a Referer header, an analytics call or a router's history, and the home page would flash before `returnTo` is
 * shown. And until the provider is mounted: if a child suspended in the very first render, React would discard the provider's
 * clients and create new ones in a loop.
 *
 * Server-rendered children stay: they see the status `restoring`, and their effects run after the URL is cleaned.
 */
export function CallbackGate({ clients, callback, children }: CallbackGateProps): ReactNode {
  const isHydrating = useSyncExternalStore(
    () => () => undefined,
    () => false,
    () => true,
  )
  const [isOpen, setOpen] = useState(isHydrating)
  const pending = Object.values(clients).filter(({ hasCallback }) => hasCallback)
  const isCallback = pending.length > 0
  useMountEffect(() => {
    if (!isCallback) setOpen(true)
  }, [isCallback])
  useEffect(() => {
    if (isCallback) void Promise.all(pending.map(({ client, started }) => started ?? client.start())).then(() => setOpen(true))
    // oxlint-disable-next-line react/exhaustive-deps -- `pending` is derived from `clients`
  }, [clients, isCallback])
  if (isOpen) return children
  return isCallback ? callback : null
}
