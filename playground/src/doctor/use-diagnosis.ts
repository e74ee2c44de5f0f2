import type { Diagnosis } from '@latchkey/core/doctor'
import { useRef, useState } from 'react'

type Doctor = typeof import('@latchkey/core/doctor')

/** An examination: not begun, running, or its result. */
export interface Examination {
  readonly isRunning: boolean
  readonly diagnosis?: Diagnosis | undefined
  readonly error?: unknown
  /** Loads the doctor and lets it examine something. */
  readonly examine: (run: (doctor: Doctor) => Promise<Diagnosis>) => void
  /** Discards the result, and that of an examination which is still running: what was examined has changed. */
  readonly discard: () => void
}

/** Examines a client or a set-up, and keeps the result for the component. */
export function useDiagnosis(): Examination {
  const [state, setState] = useState<Omit<Examination, 'examine' | 'discard'>>({ isRunning: false })
  const current = useRef(0)
  const start = async (run: (doctor: Doctor) => Promise<Diagnosis>): Promise<void> => {
    const number = ++current.current
    const finish = (result: Pick<Examination, 'diagnosis' | 'error'>): void => {
      if (number === current.current) setState({ isRunning: false, ...result })
    }
    setState({ isRunning: true })
    try {
      finish({ diagnosis: await run(await import('@latchkey/core/doctor')) })
    } catch (error) {
      finish({ error })
    }
  }
  const discard = (): void => {
    current.current++
    setState({ isRunning: false })
  }
  return { ...state, examine: (run) => void start(run), discard }
}
