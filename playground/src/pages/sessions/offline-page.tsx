import type { OAuthClient } from '@latchkey/core'
import { Button, Group, Text } from '@mantine/core'
import { SyncIcon } from '@primer/octicons-react/SyncIcon'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { ApiCall } from '../../api/api-call.js'
import { offlineCode } from '../../code/session-samples.js'
import { useConnection } from '../../connection/connection-context.js'
import { Experiment } from '../../experiments/experiment.js'
import { useClientState } from '../../experiments/use-client-state.js'
import { useExperiment } from '../../experiments/use-experiment.js'
import { signInByPopup, useExperimentClient } from '../../experiments/use-experiment-client.js'
import type { Explanation } from '../../faults/explanation.js'
import { type NetworkState, switchedFetch } from '../../offline/switched-fetch.js'
import { displayName } from '../../session/display-name.js'
import { StatusBadge } from '../../session/status-badge.js'
import { offlineStory } from '../../story/stories/background-stories.js'
import { Choice, type ChoiceOption } from '../../ui/choice.js'
import { ErrorAlert, errorTitle } from '../../ui/error-alert.js'
import { Page } from '../../ui/page.js'
import { useFocusOn } from '../../ui/use-focus-on.js'
import { usePageState } from '../../ui/use-page-state.js'

const states = [
  { value: 'on', label: 'On' },
  { value: 'off', label: 'Off', about: 'No request gets a response.' },
  { value: 'busy', label: 'Server busy', about: 'Status 503 with “Retry-After: 2”.' },
] as const satisfies readonly ChoiceOption<NetworkState>[]

const defaults: { readonly network: NetworkState } = { network: 'on' }
const choices = { network: states.map(({ value }) => value) }

export function OfflinePage(): ReactNode {
  const { connection } = useConnection()
  const [{ network }, change] = usePageState(defaults, choices)
  const latest = useRef(network)
  useEffect(() => {
    latest.current = network
  }, [network])
  const createClient = useExperimentClient()
  const experiment = useExperiment<OAuthClient>()
  const work = async (): Promise<OAuthClient> => {
    const client = createClient({ fetch: switchedFetch(() => latest.current) })
    await signInByPopup(client)
    return client
  }
  return (
    <Page
      title="Offline"
      lead="A user who is signed in stays signed in without a network. A request that gets no response says nothing about the session, so the client keeps it and tries again."
      specs={['RFC 6749, section 6', 'RFC 6749, section 5.2']}
    >
      <Experiment
        verdict="Recommended"
        advice="Sign in, switch the network off, then refresh and call the API. Switch it on, and do the same. Your own session is not affected."
        action="Sign in by popup"
        experiment={experiment}
        work={work}
        View={OfflineSession}
        story={offlineStory}
        code={offlineCode(connection)}
      >
        <Choice label="Network of this client" options={states} value={network} onChange={(next) => change({ network: next })} />
      </Experiment>
    </Page>
  )
}

const lostConnection: Explanation = {
  expected: 'a response with new tokens, or the refusal “invalid_grant”, which ends the session',
  received: 'neither: no response, or a status that says nothing about the session',
  rule: 'RFC 6749, section 5.2',
  withoutCheck: 'An app that signs the user out at every failure would lose all sessions in a short outage.',
  fix: 'Keep the user signed in, and try again later. Here: switch the network on.',
}

/** The client’s `fetch` rejects as that of the browser does. */
const lostCall: Explanation = {
  expected: 'a response of the API, with any status',
  received: 'no response: the network of this client is off',
  rule: 'Fetch Standard, fetch method',
  withoutCheck: 'An app that takes a failed request for a refused token would sign the user out. This client keeps the session.',
  fix: 'Show that the device is offline, and let the user try again. Here: switch the network on.',
}

interface RefreshOutcome {
  /** Milliseconds since the epoch. */
  readonly refreshedAt?: number
  readonly error?: unknown
}

function OfflineSession({ result: client }: { readonly result: OAuthClient }): ReactNode {
  const { status, claims } = useClientState(client)
  const [{ refreshedAt, error }, setOutcome] = useState<RefreshOutcome>({})
  const [isPending, setPending] = useState(false)
  const place = useFocusOn(error)
  const refresh = (): void => {
    setPending(true)
    client
      .refresh()
      .then(
        () => setOutcome({ refreshedAt: Date.now() }),
        (reason: unknown) => setOutcome({ error: reason }),
      )
      .finally(() => setPending(false))
  }
  return (
    <>
      <Group gap="xs">
        <StatusBadge isSignedIn={status === 'signed-in'} />
        {status === 'signed-in' && <Text size="sm">{displayName(claims)}</Text>}
      </Group>
      <Group>
        <Button leftSection={<SyncIcon />} loading={isPending} onClick={refresh}>
          Refresh the token
        </Button>
        <Text size="sm" role="status">
          {refreshedAt !== undefined && `Refreshed at ${new Date(refreshedAt).toLocaleTimeString()}.`}
        </Text>
      </Group>
      <div ref={place} tabIndex={-1} className="outcome">
        {error !== undefined && <ErrorAlert error={error} title={errorTitle(error)} explanation={lostConnection} />}
      </div>
      <ApiCall label="Call /api/me" url="/api/me" send={(input, init) => client.fetch(input, init)} failure={lostCall} />
    </>
  )
}
