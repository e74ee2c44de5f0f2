'use client'
import { useCallback, useSyncExternalStore } from 'react'
import type { ProtocolMessage } from './protocol-message.js'
import type { Recorder } from './recorder.js'

const NONE: readonly ProtocolMessage[] = []
const ignore = (): void => undefined

/** Returns the messages of a recorder, oldest first. */
export function useMessages(recorder: Recorder | undefined): readonly ProtocolMessage[] {
  const subscribe = useCallback((listener: () => void) => recorder?.subscribe(listener) ?? ignore, [recorder])
  const read = (): readonly ProtocolMessage[] => recorder?.messages ?? NONE
  return useSyncExternalStore(subscribe, read, read)
}

const OFF: readonly string[] = []

/** Returns the ids of the simulations that are on. */
export function useSimulations(recorder: Recorder | undefined): readonly string[] {
  const subscribe = useCallback((listener: () => void) => recorder?.subscribe(listener) ?? ignore, [recorder])
  const read = (): readonly string[] => recorder?.simulations ?? OFF
  return useSyncExternalStore(subscribe, read, read)
}
