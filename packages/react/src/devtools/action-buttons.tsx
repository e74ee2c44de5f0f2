'use client'
import type { OAuthClient } from '@latchkey/core'
import { useState, type ReactElement } from 'react'
import { DEVTOOLS_ACTIONS, type DevtoolsAction } from './devtools-actions.js'
import type { Recorder } from './recorder.js'

interface ActionButtonsProps {
  readonly client: OAuthClient<unknown>
  readonly recorder: Recorder | undefined
  /** Called when something was done that no state tells of. */
  readonly onDone: () => void
}

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
            // Stays in reach of the keyboard, so that the reason can be read.
            aria-disabled={obstacle !== undefined}
            title={obstacle === undefined ? action.explanation : `${action.explanation} Not now: ${obstacle}.`}
            onClick={() => void (obstacle === undefined ? perform(action) : setOutcome(`Not now: ${obstacle}.`))}
          >
            {action.label}
          </button>
        )
      })}
      <p role="status">{outcome}</p>
    </div>
  )
}
