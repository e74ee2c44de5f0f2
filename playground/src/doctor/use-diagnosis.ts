import type { Diagnosis } from '@latchkey/core/doctor'
import { useState } from 'react'

type Doctor = typeof import('@latchkey/core/doctor')

/** An examination: not begun, running, or its result. */
export interface Examination {
  readonly isRunning: boolean
  readonly diagnosis?: Diagnosis | undefined
  readonly error?: unknown
  /** Loads the doctor and lets it examine something. */
  readonly examine: (run: (doctor: Doctor) => Promise<Diagnosis>) => void
}

/** Examines a client or a set-up, and keeps the result for the component. */
export function useDiagnosis(): Examination {
  const [state, setState] = useState<Omit<Examination, 'examine'>>({ isRunning: false })
  const start = async (run: (doctor: Doctor) => Promise<Diagnosis>): Promise<void> => {
    setState({ isRunning: true })
    try {
      setState({ isRunning: false, diagnosis: await run(await import('@latchkey/core/doctor')) })
    } catch (error) {
      setState({ isRunning: false, error })
    }
  }
  return { ...state, examine: (run) => void start(run) }
}
