'use client'
import type { OAuthClient } from '@latchkey/core'
import { useEffect, useState } from 'react'

/** @returns the client's time in milliseconds, updated every second, and a function that updates it at once */
export function useNow({ options }: OAuthClient<unknown>): readonly [now: number, update: () => void] {
  const read = (): number => options.now?.() ?? Date.now()
  const [now, setNow] = useState(read)
  const update = (): void => setNow(read())
  useEffect(() => {
    const timer = setInterval(() => setNow(options.now?.() ?? Date.now()), 1000)
    return () => clearInterval(timer)
  }, [options])
  return [now, update]
}
