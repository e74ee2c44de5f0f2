import { useCallback, useState } from 'react'

/** The state of the last run. */
export type ExperimentState<Result> =
  | { readonly status: 'idle' | 'running' }
  | { readonly status: 'done'; readonly result: Result }
  | { readonly status: 'failed'; readonly error: unknown }

/** What `useExperiment` returns. */
export interface ExperimentRun<Result> {
  readonly state: ExperimentState<Result>
  /** Starts synchronously, inside the click handler, so that the browser does not block a popup. */
  readonly run: (work: () => Promise<Result>) => void
}

/** Runs an experiment, and returns the state of the last run. */
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
