'use client'
import type { OAuthClientError } from '@latchkey/core'
import { useCallback, useRef, useState } from 'react'

export interface Attempt<Options, Result> {
  readonly attempt: (options?: Options) => Promise<Result>
  readonly isPending: boolean
  /** The last failure of this hook's own attempts, until the next. */
  readonly error: OAuthClientError | undefined
}

interface Progress {
  readonly isPending: boolean
  readonly error: OAuthClientError | undefined
}

const idle: Progress = { isPending: false, error: undefined }

/** @param run same function in every render; rejects with OAuthClientError only */
export function useAttempt<Options, Result>(run: (options?: Options) => Promise<Result>): Attempt<Options, Result> {
  const [progress, setProgress] = useState(idle)
  const latest = useRef<Promise<Result>>(undefined)
  const attempt = useCallback(
    (options?: Options) => {
      const result = run(options)
      latest.current = result
      setProgress({ isPending: true, error: undefined })
      // An attempt that was overtaken says nothing any more.
      const settle = (next: Progress): void => (latest.current === result ? setProgress(next) : undefined)
      result.then(
        () => settle(idle),
        (error: OAuthClientError) => settle({ isPending: false, error }),
      )
      return result
    },
    [run],
  )
  return { attempt, ...progress }
}
