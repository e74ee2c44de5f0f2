'use client'
import type { OAuthClient } from '@latchkey/core'
import { useState, type ReactElement } from 'react'
import { DEVTOOLS_ACTIONS, type DevtoolsAction } from './devtools-actions.js'
import type { Recorder } from './recorder.js'
import { SIMULATIONS } from './simulations.js'
import { useSimulations } from './use-messages.js'

interface ActionButtonsProps {
  readonly client: OAuthClient<unknown>
  readonly recorder: Recorder | undefined
  /** Called after an action, which may have changed something that is not in the state. */
  readonly onDone: () => void
}

interface ActionProps extends Pick<ActionButtonsProps, 'client' | 'recorder'> {
  readonly action: DevtoolsAction
  readonly onPress: (action: DevtoolsAction, obstacle: string | undefined) => void
}

/** Buttons that change the session or simulate failures, and the outcome of the last one. */
export function ActionButtons({ client, recorder, onDone }: ActionButtonsProps): ReactElement {
  const [outcome, setOutcome] = useState('')
  const perform = async ({ label, run }: DevtoolsAction): Promise<void> => {
    setOutcome(`${label} …`)
    setOutcome(await run(client, recorder).catch((cause: unknown) => (cause instanceof Error ? cause.message : String(cause))))
    onDone()
  }
  const press = (action: DevtoolsAction, obstacle: string | undefined): void =>
    void (obstacle === undefined ? perform(action) : setOutcome(notAvailable(obstacle)))
  return (
    <>
      <div className="lk-actions" role="group" aria-label="Session actions">
        {DEVTOOLS_ACTIONS.filter((action) => !isSimulated(action)).map((action) => (
          <ActionButton key={action.label} {...{ action, client, recorder }} onPress={press} />
        ))}
      </div>
      <h3>Simulate</h3>
      <div className="lk-actions" role="group" aria-label="Simulate">
        {DEVTOOLS_ACTIONS.filter(isSimulated).map((action) => (
          <ActionButton key={action.label} {...{ action, client, recorder }} onPress={press} />
        ))}
        <SimulationSwitches recorder={recorder} onOutcome={setOutcome} />
      </div>
      <p role="status">{outcome}</p>
    </>
  )
}

function isSimulated({ isSimulation = true }: DevtoolsAction): boolean {
  return isSimulation
}

function ActionButton({ action, client, recorder, onPress }: ActionProps): ReactElement {
  const obstacle = action.obstacle(client, recorder)
  return (
    <button
      type="button"
      // Not `disabled`: the button stays focusable, so that keyboard users can read the reason.
      aria-disabled={obstacle !== undefined}
      title={obstacle === undefined ? action.explanation : `${action.explanation} ${notAvailable(obstacle)}`}
      onClick={() => onPress(action, obstacle)}
    >
      {action.label}
    </button>
  )
}

interface SwitchesProps {
  readonly recorder: Recorder | undefined
  readonly onOutcome: (text: string) => void
}

function SimulationSwitches({ recorder, onOutcome }: SwitchesProps): ReactElement {
  const active = useSimulations(recorder)
  const toggle = (id: string, text: string): void => {
    recorder?.toggleSimulation(id)
    onOutcome(recorder ? text : notAvailable(NEEDS_RECORDER))
  }
  return (
    <>
      {SIMULATIONS.map(({ id, label, explanation }) => (
        <button
          key={id}
          type="button"
          aria-pressed={active.includes(id)}
          aria-disabled={!recorder}
          title={recorder ? explanation : `${explanation} ${notAvailable(NEEDS_RECORDER)}`}
          onClick={() => toggle(id, active.includes(id) ? `${label}: off.` : `${label}: on. ${explanation}`)}
        >
          {label}
        </button>
      ))}
    </>
  )
}

const NEEDS_RECORDER = 'it needs withDevtools()'

function notAvailable(obstacle: string): string {
  return `Not available: ${obstacle}.`
}
