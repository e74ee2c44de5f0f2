import { Text } from '@mantine/core'
import { type ReactNode, useEffect, useRef } from 'react'
import { backChannelCode, frontChannelCode } from '../../code/logout-samples.js'
import { builtInConnection } from '../../connection/built-in-connection.js'
import { Experiment } from '../../experiments/experiment.js'
import { useExperiment } from '../../experiments/use-experiment.js'
import type { Fault } from '../../faults/fault.js'
import { FaultSelect } from '../../faults/fault-select.js'
import { useFaultOf } from '../../faults/use-fault.js'
import { backChannelFaults, frontChannelFaults } from '../../logout/logout-faults.js'
import type { LogoutChannelName } from '../../logout/logout-report.js'
import { createLogoutSession, type LogoutSession } from '../../logout/logout-session.js'
import { LogoutSessionView } from '../../logout/logout-session-view.js'
import { backChannelStory, frontChannelStory } from '../../story/stories/logout-stories.js'
import { Choice } from '../../ui/choice.js'
import { Page } from '../../ui/page.js'
import { usePageState } from '../../ui/use-page-state.js'

const channels = [
  {
    value: 'back',
    label: 'Back channel',
    about: 'The server sends a signed token to the API of the app, and the API notifies the open tabs. Works in every browser.',
  },
  {
    value: 'front',
    label: 'Front channel',
    about: 'The server’s sign-out page opens a page of the app in a hidden frame. Needs no API, but server and app on one site.',
  },
] as const

const defaults: { readonly channel: LogoutChannelName } = { channel: 'back' }
const choices = { channel: channels.map(({ value }) => value) }

export function ServerLogoutPage(): ReactNode {
  const [{ channel }, change] = usePageState(defaults, choices)
  return (
    <Page
      title="Logout by the server"
      lead="You sign out at the server, or in another app that uses it. Then this app should sign you out too, without a click in it. The server can notify it in two ways."
      specs={['OpenID Connect Back-Channel Logout 1.0, section 2', 'OpenID Connect Front-Channel Logout 1.0, section 2']}
    >
      <LogoutExperiment key={channel} channel={channel}>
        <Choice
          label="How the server notifies the app"
          options={channels}
          value={channel}
          onChange={(next) => change({ channel: next })}
        />
      </LogoutExperiment>
    </Page>
  )
}

interface LogoutExperimentProps {
  readonly channel: LogoutChannelName
  readonly children: ReactNode
}

function LogoutExperiment({ channel, children }: LogoutExperimentProps): ReactNode {
  const isBack = channel === 'back'
  const faults = useFaultOf<Fault>(isBack ? backChannelFaults : frontChannelFaults)
  const experiment = useExperiment<LogoutSession>()
  const work = useLogoutSession(channel)
  return (
    <Experiment
      verdict={isBack ? 'Recommended' : 'Needs server support'}
      advice="The page registers a client of its own at the built-in server, and signs in. Then end the session at the server. The playground’s own session ends with its next refresh."
      action="Register and sign in by popup"
      experiment={experiment}
      work={work}
      View={LogoutSessionView}
      story={isBack ? backChannelStory : frontChannelStory}
      code={isBack ? backChannelCode(builtInConnection) : frontChannelCode(builtInConnection)}
    >
      {children}
      <FaultSelect choice={faults} />
      {faults.fault && (
        <Text size="sm" c="dimmed">
          The message is altered when you end the session.
        </Text>
      )}
    </Experiment>
  )
}

/** @returns signs in with a new client; the former one is signed out, as is the last one when the component unmounts */
function useLogoutSession(channel: LogoutChannelName): () => Promise<LogoutSession> {
  const former = useRef<LogoutSession>(undefined)
  useEffect(() => () => former.current?.close(), [])
  return async () => {
    const popup = window.open('about:blank', '_blank', 'popup,width=480,height=640')
    try {
      former.current?.close()
      former.current = await createLogoutSession(channel, popup)
      return former.current
    } catch (error) {
      popup?.close()
      throw error
    }
  }
}
