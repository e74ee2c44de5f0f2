'use client'
import type { OAuthClient } from '@latchkey/core'
import type { Diagnosis, Finding } from '@latchkey/core/doctor'
import { useState, type ReactElement } from 'react'
import type { Recorder } from './recorder.js'

interface Examination {
  readonly isRunning: boolean
  readonly diagnosis?: Diagnosis | undefined
  readonly problem?: string | undefined
}

interface DoctorViewProps {
  readonly client: OAuthClient<unknown>
  readonly recorder: Recorder | undefined
}

/** A button that lets the doctor look for what is wrong with the set-up, with its findings. */
export function DoctorView({ client, recorder }: DoctorViewProps): ReactElement {
  const [{ isRunning, diagnosis, problem }, setState] = useState<Examination>({ isRunning: false })
  const examine = async (): Promise<void> => {
    setState({ isRunning: true })
    try {
      const { diagnose } = await import('@latchkey/core/doctor')
      const examination = (): Promise<Diagnosis> => diagnose(client)
      setState({ isRunning: false, diagnosis: await (recorder?.examine(examination) ?? examination()) })
    } catch (cause) {
      setState({ isRunning: false, problem: cause instanceof Error ? cause.message : String(cause) })
    }
  }
  return (
    <section aria-label="Doctor">
      <h2>Doctor</h2>
      <div className="lk-tools">
        <button type="button" aria-disabled={isRunning} onClick={() => void (isRunning || examine())}>
          Diagnose
        </button>
        <span aria-live="polite">
          {isRunning && 'Examining the set-up …'}
          {problem}
          {diagnosis && summary(diagnosis)}
        </span>
      </div>
      {!diagnosis && !isRunning && (
        <p className="lk-note">
          Looks at metadata, registration, CORS, the callback page, keys and clocks, and says what to change.
        </p>
      )}
      {diagnosis?.findings.map((finding) => (
        <FindingView key={`${finding.code} ${finding.seen}`} finding={finding} />
      ))}
    </section>
  )
}

function summary({ findings, passed, skipped }: Diagnosis): string {
  const found = findings.length === 0 ? 'Nothing wrong was found.' : `${findings.length} found.`
  return `${found} ${passed.length} checks passed, ${skipped.length} could not run.`
}

function FindingView({ finding }: { readonly finding: Finding }): ReactElement {
  const { code, severity, title, seen, expected, change, settings } = finding
  return (
    <div className="lk-finding" data-severity={severity}>
      <h3>
        {title} <small>{`${severity} · ${code}`}</small>
      </h3>
      <dl>
        <dt>Seen</dt>
        <dd>{seen}</dd>
        <dt>Expected</dt>
        <dd>{expected}</dd>
        <dt>Change</dt>
        <dd>{change}</dd>
        {settings.map(({ provider, setting }) => (
          <div key={`${provider} ${setting}`} className="lk-token">
            <dt>{provider}</dt>
            <dd>{setting}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}
