'use client'
import { useEffect, useSyncExternalStore } from 'react'

let panels = 0
const listeners = new Set<() => void>()

function add(change: 1 | -1): void {
  panels += change
  for (const listener of listeners) listener()
}

/** Counts a panel that the app shows itself, for as long as the component is mounted. */
export function useShownPanel(): void {
  useEffect(() => {
    add(1)
    return () => add(-1)
  }, [])
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

const isShown = (): boolean => panels > 0

/** Returns whether the app shows a panel itself, so that no second one is needed. */
export function useIsPanelShown(): boolean {
  return useSyncExternalStore(subscribe, isShown, isShown)
}
