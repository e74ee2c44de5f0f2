'use client'
import type { OAuthClient } from '@latchkey/core'
import { useSyncExternalStore } from 'react'
import { installedHook } from './devtools-hook.js'

const NONE: readonly OAuthClient<unknown>[] = []
const ignore = (): void => undefined
const neverChanges = (): (() => void) => ignore

/** @returns the clients that the hook has found; none without it */
export function useFoundClients(): readonly OAuthClient<unknown>[] {
  const hook = installedHook()
  const read = (): readonly OAuthClient<unknown>[] => hook?.clients() ?? NONE
  return useSyncExternalStore(hook?.subscribe ?? neverChanges, read, read)
}
