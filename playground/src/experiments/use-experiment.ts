import { useCallback, useState } from 'react'

export type ExperimentState<Result> =
  | { readonly status: 'idle' | 'running' }
  | { readonly status: 'done'; readonly result: Result }
  | { readonly status: 'failed'; readonly error: unknown }

export interface ExperimentRun<Result> {
  readonly state: ExperimentState<Result>
  /** Begins at once, inside the click, so that a popup is not blocked. */
  readonly run: (work: () => Promise<Result>) => void
}

/** One thing to try, and what came of the last try. */
export function useExperiment<Result>(): ExperimentRun<Result> {
  const [state, setState] = useState<ExperimentState<Result>>({ status: 'idle' })
  const run = useCallback((work: () => Promise<Result>) => {
    setState({ status: 'running' })
    work().then(
      (result) => setState({ status: 'done', result }),
      (error: unknown) => setState({ status: 'failed', error }),
    )
  }, [])
  return { state, run }
}
