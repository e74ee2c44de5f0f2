'use client'
import type { OAuthClientError } from '@latchkey/core'
import { useCallback, useMemo, useRef, useState } from 'react'

/** What `useAttempt` returns: the progress, and the function under the name. The same object until one of them changes. */
export type Attempt<Name extends string, Options, Result> = Progress &
  Readonly<Record<Name, (options?: Options) => Promise<Result>>>

interface Progress {
  readonly isPending: boolean
  /** The last failure of this hook's own attempts, until the next. */
  readonly error: OAuthClientError | undefined
}

const IDLE: Progress = { isPending: false, error: undefined }

/**
 * Tracks the progress and the last error of an operation.
 *
 * @param name of the function in the result
 * @param run the same function in every render; rejects with OAuthClientError only
 */
export function useAttempt<Name extends string, Options, Result>(
  name: Name,
  run: (options?: Options) => Promise<Result>,
): Attempt<Name, Options, Result> {
  const [progress, setProgress] = useState(IDLE)
  const latest = useRef<Promise<Result>>(undefined)
  const attempt = useCallback(
    (options?: Options) => {
      const result = run(options)
      latest.current = result
      setProgress({ isPending: true, error: undefined })
      // The result of an earlier attempt is discarded.
      const finish = (next: Progress): void => (latest.current === result ? setProgress(next) : undefined)
      result.then(
        () => finish(IDLE),
        (error: OAuthClientError) => finish({ isPending: false, error }),
      )
      return result
    },
    [run],
  )
  return useMemo(() => ({ ...progress, [name]: attempt }) as Attempt<Name, Options, Result>, [name, attempt, progress])
}
