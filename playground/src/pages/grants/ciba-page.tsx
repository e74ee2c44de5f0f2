import { Button, Code, Group, Paper, Text, TextInput } from '@mantine/core'
import type { TokenSet } from '@latchkey/core'
import { clientSecretBasic } from '@latchkey/core/client-auth'
import { type BackchannelAuthentication, ciba } from '@latchkey/core/grants'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { builtInConnection } from '../../connection/built-in-connection.js'
import { useConnection } from '../../connection/connection-context.js'
import { Choice } from '../../ui/choice.js'
import { ConfidentialClientFields, demoClient } from '../../experiments/confidential-client.js'
import { Experiment } from '../../experiments/experiment.js'
import { TokenSetView } from '../../experiments/token-set-view.js'
import { useExperiment } from '../../experiments/use-experiment.js'
import { useExperimentClient } from '../../experiments/use-experiment-client.js'
import { useNow } from '../../session/use-now.js'
import { Page } from '../../ui/page.js'

export function CibaPage(): ReactNode {
  const { lab, service, setService, wish, setWish, waiting, work, cancel } = useCiba()
  return (
    <Page
      title="Backchannel sign-in (CIBA)"
      lead="For a till, a call centre or a bank’s desk: the client knows who stands there and asks the server for them. The server tells the person, who says yes on their own phone. No browser is sent anywhere."
      specs={['OpenID Connect CIBA Core 1.0, section 7', 'OpenID Connect CIBA Core 1.0, section 11']}
    >
      <Experiment
        verdict="not for pages"
        advice={
          <>
            The client needs a secret or a key: in Node, <Code>ciba()</Code> of <Code>@latchkey/core/grants</Code>. The playground
            shows it with a secret that is none.
          </>
        }
        action="Ask for them"
        lab={lab}
        work={work}
        View={TokenSetView}
      >
        <ConfidentialClientFields client={service} onChange={setService} />
        <WishFields wish={wish} onChange={setWish} />
        {waiting && lab.state.status === 'running' && <Waiting {...waiting} onCancel={cancel} />}
      </Experiment>
    </Page>
  )
}

/** What the client asks, and of whom. */
interface Wish {
  readonly loginHint: string
  readonly bindingMessage: string
  readonly patience: 'minutes' | 'seconds'
}

/** A request that has been accepted. */
interface Accepted {
  readonly request: BackchannelAuthentication
  readonly bindingMessage: string
  readonly polls: number
}

function useCiba() {
  const createClient = useExperimentClient()
  const lab = useExperiment<TokenSet>()
  const [service, setService] = useState(demoClient)
  const [wish, setWish] = useState<Wish>({ loginHint: 'ada', bindingMessage: 'Till 3, 12.50 €', patience: 'minutes' })
  const [waiting, setWaiting] = useState<Accepted>()
  const attempt = useRef<AbortController>(undefined)
  useEffect(() => () => attempt.current?.abort(), [])
  const work = async (): Promise<TokenSet> => {
    const { signal } = (attempt.current = new AbortController())
    const { clientId, clientSecret } = service
    const { loginHint, bindingMessage, patience } = wish
    setWaiting(undefined)
    const request = await ciba(createClient({ clientId, scope: 'openid email' }), {
      loginHint,
      clientAuth: clientSecretBasic(clientSecret),
      ...(bindingMessage && { bindingMessage }),
      ...(patience === 'seconds' && { requestedExpiry: 10 }),
    })
    setWaiting({ request, bindingMessage, polls: 0 })
    const count = (): void => setWaiting((former) => former && { ...former, polls: former.polls + 1 })
    return request.poll({ signal, onProgress: count })
  }
  return { lab, service, setService, wish, setWish, waiting, work, cancel: () => attempt.current?.abort() }
}

const people = [
  { value: 'ada', label: 'Ada Lovelace' },
  { value: 'alan', label: 'Alan Turing' },
  { value: 'nobody', label: 'Somebody else', about: 'whom the server does not know: it says so' },
] as const

const patiences = [
  { value: 'minutes', label: 'Five minutes' },
  { value: 'seconds', label: 'Ten seconds', about: 'to see the time run out' },
] as const

interface WishFieldsProps {
  readonly wish: Wish
  readonly onChange: (wish: Wish) => void
}

function WishFields({ wish, onChange }: WishFieldsProps): ReactNode {
  const { connection } = useConnection()
  const isBuiltIn = connection.issuer === builtInConnection.issuer
  const person = people.find(({ value }) => value === wish.loginHint)?.value ?? 'nobody'
  return (
    <>
      {isBuiltIn ? (
        <Choice label="Whom to ask" options={people} value={person} onChange={(loginHint) => onChange({ ...wish, loginHint })} />
      ) : (
        <TextInput
          label="Whom to ask (login_hint)"
          maw="20rem"
          value={wish.loginHint}
          autoComplete="off"
          onChange={(event) => onChange({ ...wish, loginHint: event.currentTarget.value })}
        />
      )}
      <TextInput
        label="Message to compare"
        description="The person sees it here and on their own device."
        maw="20rem"
        value={wish.bindingMessage}
        autoComplete="off"
        onChange={(event) => onChange({ ...wish, bindingMessage: event.currentTarget.value })}
      />
      <Choice
        label="How long to wait"
        options={patiences}
        value={wish.patience}
        onChange={(patience) => onChange({ ...wish, patience })}
      />
    </>
  )
}

interface WaitingProps extends Accepted {
  readonly onCancel: () => void
}

function Waiting({ request, bindingMessage, polls, onCancel }: WaitingProps): ReactNode {
  const { connection } = useConnection()
  const isBuiltIn = connection.issuer === builtInConnection.issuer
  const secondsLeft = Math.max(0, Math.ceil((request.expiresAt - useNow()) / 1000))
  return (
    <Paper withBorder p="md">
      {bindingMessage && (
        <Text fz="xl" fw={700} mb="xs">
          {bindingMessage}
        </Text>
      )}
      <Text size="sm">
        {isBuiltIn
          ? 'The server would tell the person by a message to their phone. Here you are the person: open their page, sign in as the one who was asked, and say yes or no.'
          : 'The server tells the person in its own way.'}
      </Text>
      <Text size="sm" c="dimmed" mt="xs">
        {secondsLeft} seconds are left. This page has asked {polls === 1 ? 'once' : `${polls} times`} whether they have decided.
      </Text>
      <Group mt="sm" gap="xs">
        {isBuiltIn && (
          <Button component="a" href={`${connection.issuer}/approve`} target="_blank" rel="noreferrer" size="xs">
            Open the person’s page
          </Button>
        )}
        <Button size="xs" variant="default" onClick={onCancel}>
          Stop waiting
        </Button>
      </Group>
    </Paper>
  )
}
