import type { OAuthClient } from '@latchkey/core'
import { type IdleTimeout, startIdleTimeout } from '@latchkey/core/idle-timeout'
import { Button, Group, Text } from '@mantine/core'
import { MoonIcon } from '@primer/octicons-react/MoonIcon'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { idleCode } from '../../code/session-samples.js'
import { Experiment } from '../../experiments/experiment.js'
import { useClientState } from '../../experiments/use-client-state.js'
import { useExperiment } from '../../experiments/use-experiment.js'
import { signInByPopup, useExperimentClient } from '../../experiments/use-experiment-client.js'
import type { Explanation } from '../../faults/explanation.js'
import { HandledFault } from '../../faults/handled-fault.js'
import { StatusBadge } from '../../session/status-badge.js'
import { idleStory } from '../../story/stories/background-stories.js'
import { Choice } from '../../ui/choice.js'
import { Page } from '../../ui/page.js'
import { useFocusOn } from '../../ui/use-focus-on.js'
import { usePageState } from '../../ui/use-page-state.js'

const HOUR_MS = 3_600_000

const timeouts = [
  { value: '20', label: '20 seconds' },
  { value: '60', label: '1 minute' },
] as const

const defaults: { readonly seconds: (typeof timeouts)[number]['value'] } = { seconds: '20' }
const choices = { seconds: timeouts.map(({ value }) => value) }

interface IdleSession {
  readonly client: OAuthClient
  readonly seconds: number
  /** Moves the clock of the client. */
  readonly sleep: () => void
}

export function IdlePage(): ReactNode {
  const [{ seconds }, change] = usePageState(defaults, choices)
  const createClient = useExperimentClient()
  const experiment = useExperiment<IdleSession>()
  const work = async (): Promise<IdleSession> => {
    let aheadMs = 0
    const client = createClient({ now: () => Date.now() + aheadMs })
    await signInByPopup(client)
    return { client, seconds: Number(seconds), sleep: () => void (aheadMs += HOUR_MS) }
  }
  return (
    <Page
      title="Idle timeout"
      lead="A bank signs you out after some minutes without activity. The client watches mouse and keyboard in all tabs, counts down, and ends the session everywhere. Here it takes a few seconds."
      specs={['RFC 9700, section 4', 'RFC 7009, section 2.1']}
    >
      <Experiment
        advice="Sign in, then do not touch the mouse and the keyboard. Your own session is not affected."
        action="Sign in by popup"
        experiment={experiment}
        work={work}
        View={IdleView}
        story={idleStory}
        code={idleCode(Number(seconds))}
      >
        <Choice label="Time without activity" options={timeouts} value={seconds} onChange={(next) => change({ seconds: next })} />
      </Experiment>
    </Page>
  )
}

const sleptTooLong: Explanation = {
  expected: 'an activity before the time was up, by the clock',
  received: 'an activity an hour later: the timers of the page stood still while the device was asleep',
  rule: 'RFC 9700, section 4',
  withoutCheck: 'The next user of the device would continue the session of the one who left it.',
}

function IdleView({ result: { client, seconds, sleep } }: { readonly result: IdleSession }): ReactNode {
  const { status } = useClientState(client)
  const { secondsLeft, keepAlive } = useCountdown(client, seconds)
  const [hasSlept, setSlept] = useState(false)
  const place = useFocusOn(hasSlept || undefined)
  const isSignedIn = status === 'signed-in'
  const sleepAndMove = (): void => {
    sleep()
    setSlept(true)
    keepAlive()
  }
  return (
    <>
      <Group gap="xs">
        <StatusBadge isSignedIn={isSignedIn} />
        <Text size="sm" role="timer">
          {isSignedIn && secondsLeft !== undefined ? `The session ends in ${secondsLeft} s.` : ''}
        </Text>
      </Group>
      <Group gap="xs">
        <Button disabled={!isSignedIn} onClick={keepAlive}>
          Stay signed in
        </Button>
        <Button variant="default" leftSection={<MoonIcon />} disabled={!isSignedIn} onClick={sleepAndMove}>
          Break it: sleep for an hour
        </Button>
      </Group>
      <Text size="sm" role="status">
        {!isSignedIn && !hasSlept && `You were signed out after ${seconds} seconds without activity.`}
      </Text>
      {hasSlept && (
        <div ref={place} tabIndex={-1} className="outcome">
          <HandledFault fault={sleptTooLong}>The session ended when the device woke up, although the mouse moved.</HandledFault>
        </div>
      )}
    </>
  )
}

/** Runs the idle timeout of a client that no provider has. An app calls `useIdleTimeout()`. */
function useCountdown(client: OAuthClient, seconds: number) {
  const [secondsLeft, setSecondsLeft] = useState<number>()
  const idle = useRef<IdleTimeout>(undefined)
  useEffect(() => {
    const warnSeconds = Math.round(seconds / 2)
    const onCountdown = setSecondsLeft
    const started = startIdleTimeout(client, { timeoutSeconds: seconds, warnSeconds, onCountdown, logout: { local: true } })
    idle.current = started
    return () => started.stop()
  }, [client, seconds])
  return { secondsLeft, keepAlive: () => idle.current?.keepAlive() }
}
