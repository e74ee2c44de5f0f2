import { Button, Code, Group, Paper, Text, TextInput } from '@mantine/core'
import type { TokenSet } from '@latchkey/core'
import { clientSecretBasic } from '@latchkey/core/client-auth'
import { type BackchannelAuthentication, ciba } from '@latchkey/core/grants'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { builtInConnection } from '../../connection/built-in-connection.js'
import { useConnection } from '../../connection/connection-context.js'
import { Choice } from '../../ui/choice.js'
import { PollNote } from '../../device/poll-note.js'
import { ConfidentialClientFields } from '../../experiments/confidential-client.js'
import { Experiment } from '../../experiments/experiment.js'
import { useConfidentialClient } from '../../experiments/use-confidential-client.js'
import { TokenSetView } from '../../experiments/token-set-view.js'
import { useExperiment } from '../../experiments/use-experiment.js'
import { useExperimentClient } from '../../experiments/use-experiment-client.js'
import { useNow } from '../../session/use-now.js'
import { cibaCode } from '../../code/program-samples.js'
import type { FaultId } from '../../faults/faults.js'
import { useFault } from '../../faults/use-fault.js'
import { cibaStory } from '../../story/stories/device-stories.js'
import { Page } from '../../ui/page.js'
import { PollFault } from '../../device/poll-fault.js'
import { usePageState } from '../../ui/use-page-state.js'

const faultIds: readonly FaultId[] = ['down', 'html', 'silent']

export function CibaPage(): ReactNode {
  const { faults, experiment, client, setClient, request, setRequest, accepted, work, cancel } = useCiba()
  const { connection } = useConnection()
  return (
    <Page
      title="Backchannel sign-in (CIBA)"
      lead="For a till, a call center or a bank counter: the client knows the user and sends a request to the server. The user approves it on their own phone, without a redirect."
      specs={['OpenID Connect CIBA Core 1.0, section 7', 'OpenID Connect CIBA Core 1.0, section 11']}
    >
      <Experiment
        verdict="Server-side only"
        advice={
          <>
            The client needs a secret or a key. In Node, use <Code>ciba()</Code> of <Code>@latchkey/core/grants</Code>. The secret
            on this page is a public demo value.
          </>
        }
        action="Request approval"
        experiment={experiment}
        work={work}
        View={TokenSetView}
        story={cibaStory}
        faults={faults}
        code={cibaCode({ ...connection, clientId: client.clientId }, { ...request, requestedExpiry: expiryOf(request) })}
      >
        <ConfidentialClientFields client={client} onChange={setClient} />
        <RequestFields request={request} onChange={setRequest} />
        {accepted && experiment.state.status === 'running' && <Waiting {...accepted} onCancel={cancel} />}
        {experiment.state.status === 'running' && <PollFault fault={faults.fault} run={experiment.number} />}
      </Experiment>
    </Page>
  )
}

/** The values of the form. */
interface RequestValues {
  readonly loginHint: string
  readonly bindingMessage: string
  readonly expiry: 'minutes' | 'seconds'
}

/** A request that the server has accepted. */
interface AcceptedRequest {
  readonly authentication: BackchannelAuthentication
  readonly bindingMessage: string
  readonly polls: number
}

function useCiba() {
  const faults = useFault(faultIds)
  const createClient = useExperimentClient(faults.fault)
  const experiment = useExperiment<TokenSet>()
  const [client, setClient] = useConfidentialClient()
  const [request, setRequest] = usePageState(defaults, choices)
  const [accepted, setAccepted] = useState<AcceptedRequest>()
  const attempt = useRef<AbortController>(undefined)
  useEffect(() => () => attempt.current?.abort(), [])
  const work = async (): Promise<TokenSet> => {
    const { signal } = (attempt.current = new AbortController())
    const { clientId, clientSecret } = client
    const { loginHint, bindingMessage } = request
    setAccepted(undefined)
    const authentication = await ciba(createClient({ clientId, scope: 'openid email' }), {
      loginHint,
      clientAuth: clientSecretBasic(clientSecret),
      bindingMessage: bindingMessage || undefined,
      requestedExpiry: expiryOf(request),
    })
    setAccepted({ authentication, bindingMessage, polls: 0 })
    const count = (): void => setAccepted((current) => current && { ...current, polls: current.polls + 1 })
    return authentication.poll({ signal, onProgress: count })
  }
  return { faults, experiment, client, setClient, request, setRequest, accepted, work, cancel: () => attempt.current?.abort() }
}

const users = [
  { value: 'ada', label: 'Ada Lovelace' },
  { value: 'alan', label: 'Alan Turing' },
  { value: 'unknown', label: 'Unknown user', about: 'The server rejects the request.' },
] as const

const expiries = [
  { value: 'minutes', label: '5 minutes' },
  { value: 'seconds', label: '10 seconds', about: 'Shows an expired request.' },
] as const

const defaults: RequestValues = { loginHint: 'ada', bindingMessage: 'Till 3, 12.50 €', expiry: 'minutes' }
const choices = { expiry: expiries.map(({ value }) => value) }

/** @returns seconds; undefined for the server's default */
function expiryOf({ expiry }: RequestValues): number | undefined {
  return expiry === 'seconds' ? 10 : undefined
}

interface RequestFieldsProps {
  readonly request: RequestValues
  readonly onChange: (request: RequestValues) => void
}

function RequestFields({ request, onChange }: RequestFieldsProps): ReactNode {
  const { connection } = useConnection()
  const isBuiltIn = connection.issuer === builtInConnection.issuer
  const user = users.find(({ value }) => value === request.loginHint)?.value ?? 'unknown'
  return (
    <>
      {isBuiltIn ? (
        <Choice label="User" options={users} value={user} onChange={(loginHint) => onChange({ ...request, loginHint })} />
      ) : (
        <TextInput
          label="User (login_hint)"
          maw="20rem"
          value={request.loginHint}
          autoComplete="off"
          onChange={(event) => onChange({ ...request, loginHint: event.currentTarget.value })}
        />
      )}
      <TextInput
        label="Binding message"
        description="The user sees it here and on their own device."
        maw="20rem"
        value={request.bindingMessage}
        autoComplete="off"
        onChange={(event) => onChange({ ...request, bindingMessage: event.currentTarget.value })}
      />
      <Choice
        label="Request expires after"
        options={expiries}
        value={request.expiry}
        onChange={(expiry) => onChange({ ...request, expiry })}
      />
    </>
  )
}

interface WaitingProps extends AcceptedRequest {
  readonly onCancel: () => void
}

function Waiting({ authentication, bindingMessage, polls, onCancel }: WaitingProps): ReactNode {
  const { connection } = useConnection()
  const isBuiltIn = connection.issuer === builtInConnection.issuer
  const secondsLeft = Math.max(0, Math.ceil((authentication.expiresAt - useNow()) / 1000))
  return (
    <Paper withBorder p="md">
      {bindingMessage && (
        <Text fz="xl" fw={700} mb="xs">
          {bindingMessage}
        </Text>
      )}
      <Text size="sm">
        {isBuiltIn
          ? 'A real server sends a message to the user’s phone. Here you act as the user: open their page, sign in as the selected user, and approve or deny the request.'
          : 'The server notifies the user.'}
      </Text>
      <Text size="sm" c="dimmed" mt="xs">
        Expires in {secondsLeft} s. Polls so far: {polls}.
      </Text>
      <PollNote subject="request" />
      <Group mt="sm" gap="xs">
        {isBuiltIn && (
          <Button component="a" href={`${connection.issuer}/approve`} target="_blank" rel="noreferrer" size="xs">
            Open the user’s page
          </Button>
        )}
        <Button size="xs" variant="default" onClick={onCancel}>
          Stop waiting
        </Button>
      </Group>
    </Paper>
  )
}
