import type { TokenSet } from '@latchkey/core'
import { Button, Group, Stack, Text } from '@mantine/core'
import { KeyIcon } from '@primer/octicons-react/KeyIcon'
import type { ReactNode } from 'react'
import { useConnection } from '../../connection/connection-context.js'
import { Choice } from '../../ui/choice.js'
import { Experiment } from '../../experiments/experiment.js'
import {
  type Delivery,
  deliveries,
  explanationOf,
  type Tampering,
  tamperings,
  signedRequestOptions,
} from '../../experiments/signed-request-options.js'
import { registerSigningClient, type SigningClient } from '../../experiments/signing-client.js'
import { TokenSetView } from '../../experiments/token-set-view.js'
import { useExperiment } from '../../experiments/use-experiment.js'
import { signInByPopup, useExperimentClient } from '../../experiments/use-experiment-client.js'
import { Card } from '../../ui/card.js'
import { ErrorAlert } from '../../ui/error-alert.js'
import { FieldList } from '../../ui/field-list.js'
import { signedRequestCode } from '../../code/program-samples.js'
import { StoryPreview } from '../../story/story-preview.js'
import { jarStory } from '../../story/stories/front-channel-stories.js'
import { Page } from '../../ui/page.js'
import { usePageState } from '../../ui/use-page-state.js'
import { TokenView } from '../../ui/token-view.js'
import { fieldsOfJson } from '../../network-log/masked-fields.js'

export function SignedRequestPage(): ReactNode {
  const { connection } = useConnection()
  const [{ delivery }] = usePageState(defaults, choices)
  const registration = useExperiment<SigningClient>()
  const { state, run } = registration
  return (
    <Page
      title="Signed requests (JAR)"
      lead="An authorization request passes through the browser, where its URL can be changed. Here the app signs the request with its own key. The server knows the public key, and ignores everything that is not signed."
      specs={['RFC 9101, section 5', 'RFC 9101, section 6.3', 'RFC 9126, section 3']}
    >
      <Card
        title="A client with a key"
        hint="The playground’s own client has no key. This creates a key that cannot be exported, and registers a client with the public key."
      >
        {state.status === 'done' && <RegisteredMembers client={state.result} />}
        <Group>
          <Button
            variant={state.status === 'done' ? 'default' : 'filled'}
            leftSection={<KeyIcon />}
            loading={state.status === 'running'}
            onClick={() => run(() => registerSigningClient(connection.issuer))}
          >
            {state.status === 'done' ? 'Create another' : 'Create a key and register'}
          </Button>
        </Group>
      </Card>
      {state.status === 'failed' && <ErrorAlert error={state.error} title="Client registration failed" />}
      {state.status === 'done' ? (
        <SignIn key={state.result.registered.client_id} client={state.result} />
      ) : (
        <StoryPreview story={jarStory} code={signedRequestCode(connection, delivery)} />
      )}
    </Page>
  )
}

const shown = ['client_id', 'jwks', 'request_object_signing_alg', 'require_signed_request_object', 'request_uris']

function RegisteredMembers({ client: { registered } }: { readonly client: SigningClient }): ReactNode {
  return <FieldList fields={fieldsOfJson(registered).filter(({ name }) => shown.includes(name))} />
}

const defaults: { readonly delivery: Delivery; readonly tampering: Tampering } = { delivery: 'value', tampering: 'none' }
const choices = { delivery: deliveries.map(({ value }) => value), tampering: tamperings.map(({ value }) => value) }

interface Signed {
  readonly requestObject: string | undefined
  readonly tokenSet: TokenSet
}

function SignIn({ client }: { readonly client: SigningClient }): ReactNode {
  const { connection } = useConnection()
  const [{ delivery, tampering }, change] = usePageState(defaults, choices)
  const createClient = useExperimentClient()
  const experiment = useExperiment<Signed>()
  const work = async (): Promise<Signed> => {
    const { options, requestObject } = signedRequestOptions(client, delivery, tampering)
    return { tokenSet: await signInByPopup(createClient(options)), requestObject: requestObject() }
  }
  return (
    <Experiment
      verdict="Needs server support"
      advice="For high-risk uses such as payments or health data. Pushed requests are simpler and equally confidential; signed requests also give non-repudiation."
      action="Sign in by popup"
      experiment={experiment}
      work={work}
      View={SignedResult}
      story={jarStory}
      fault={explanationOf(tampering)}
      code={signedRequestCode({ ...connection, clientId: client.registered.client_id }, delivery)}
    >
      <Choice label="Delivery" options={deliveries} value={delivery} onChange={(next) => change({ delivery: next })} />
      <Choice label="Tampering" options={tamperings} value={tampering} onChange={(next) => change({ tampering: next })} />
    </Experiment>
  )
}

function SignedResult({ result: { requestObject, tokenSet } }: { readonly result: Signed }): ReactNode {
  return (
    <Stack gap="lg">
      {requestObject !== undefined && (
        <div>
          <Text size="sm" mb="xs">
            The signed request. Compare its scope with the granted one.
          </Text>
          <TokenView name="signed request" token={requestObject} />
        </div>
      )}
      <TokenSetView result={tokenSet} />
    </Stack>
  )
}
