'use client'
import type { OAuthClient } from '@latchkey/core'
import { useState, type ReactElement } from 'react'
import { DEVTOOLS_ACTIONS, type DevtoolsAction } from './devtools-actions.js'
import type { Recorder } from './recorder.js'

interface ActionButtonsProps {
  readonly client: OAuthClient<unknown>
  readonly recorder: Recorder | undefined
  /** Called after an action, which may have changed something that is not in the state. */
  readonly onDone: () => void
}

/** Buttons that change the session, and the outcome of the last one. */
export function ActionButtons({ client, recorder, onDone }: ActionButtonsProps): ReactElement {
  const [outcome, setOutcome] = useState('')
  const perform = async ({ label, run }: DevtoolsAction): Promise<void> => {
    setOutcome(`${label} …`)
    setOutcome(await run(client, recorder).catch((cause: unknown) => (cause instanceof Error ? cause.message : String(cause))))
    onDone()
  }
  return (
    <div className="lk-actions">
      {DEVTOOLS_ACTIONS.map((action) => {
        const obstacle = action.obstacle(client, recorder)
        return (
          <button
            key={action.label}
            type="button"
            // Not `disabled`: the button stays focusable, so that keyboard users can read the reason.
            aria-disabled={obstacle !== undefined}
            title={obstacle === undefined ? action.explanation : `${action.explanation} Not available: ${obstacle}.`}
            onClick={() => void (obstacle === undefined ? perform(action) : setOutcome(`Not available: ${obstacle}.`))}
          >
            {action.label}
          </button>
        )
      })}
      <p role="status">{outcome}</p>
    </div>
  )
}
