'use client'
import { useEffect, useLayoutEffect, useState, useSyncExternalStore, type ReactNode } from 'react'
import type { HeldClients } from './clients.js'

interface CallbackGateProps {
  readonly held: HeldClients
  readonly callback: ReactNode
  readonly children: ReactNode
}

// React 18 warns of useLayoutEffect on a server.
const useMountEffect = typeof document === 'undefined' ? useEffect : useLayoutEffect

/**
 * Keeps the children back for two reasons. While the URL is an authorization response, nothing of the app may see it (it would be
 * in a Referer, an analytics call, a router's history), nor the home page flash by before the return address is shown. And until
 * the provider is mounted: were a child to suspend in the very first render, React would throw the provider's clients away and
 * make new ones, again and again.
 *
 * What a server has rendered stays: there the children are told to restore, and their effects come after the address is cleaned.
 */
export function CallbackGate({ held, callback, children }: CallbackGateProps): ReactNode {
  const isHydrating = useSyncExternalStore(
    () => () => undefined,
    () => false,
    () => true,
  )
  const [isOpen, setOpen] = useState(isHydrating)
  const responses = Object.values(held).filter(({ hasCallback }) => hasCallback)
  const isCallback = responses.length > 0
  useMountEffect(() => {
    if (!isCallback) setOpen(true)
  }, [isCallback])
  useEffect(() => {
    if (isCallback) void Promise.all(responses.map(({ client, started }) => started ?? client.start())).then(() => setOpen(true))
    // oxlint-disable-next-line react/exhaustive-deps -- `responses` follow from `held`
  }, [held, isCallback])
  if (isOpen) return children
  return isCallback ? callback : null
}
