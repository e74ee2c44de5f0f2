import { useCallback, useState } from 'react'
import { startRun } from '../network-log/network-log.js'
import { pageTitle } from '../ui/page-title.js'

/** The state of the last run. */
export type ExperimentState<Result> =
  | { readonly status: 'idle' | 'running' }
  | { readonly status: 'done'; readonly result: Result }
  | { readonly status: 'failed'; readonly error: unknown }

/** What `useExperiment` returns. */
export interface ExperimentRun<Result> {
  readonly state: ExperimentState<Result>
  /** The number of the last run in the network log; undefined before the first one. */
  readonly number: number | undefined
  /** Starts synchronously, inside the click handler, so that the browser does not block a popup. */
  readonly run: (work: () => Promise<Result>) => void
}

/** Runs an experiment, and returns the state of the last run. */
export function useExperiment<Result>(): ExperimentRun<Result> {
  const [state, setState] = useState<ExperimentState<Result>>({ status: 'idle' })
  const [number, setNumber] = useState<number>()
  const run = useCallback((work: () => Promise<Result>) => {
    setNumber(startRun(pageTitle()))
    setState({ status: 'running' })
    work().then(
      (result) => setState({ status: 'done', result }),
      (error: unknown) => setState({ status: 'failed', error }),
    )
  }, [])
  return { state, number, run }
}
