import type { TokenSet } from '@latchkey/core'
import { Button, Group, Stack, Text } from '@mantine/core'
import { KeyIcon } from '@primer/octicons-react/KeyIcon'
import { type ReactNode, useState } from 'react'
import { useConnection } from '../../connection/connection-context.js'
import { Choice } from '../../ui/choice.js'
import { Experiment } from '../../experiments/experiment.js'
import {
  type Delivery,
  deliveries,
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
import { Page } from '../../ui/page.js'
import { TokenView } from '../../ui/token-view.js'
import { fieldsOfJson } from '../../network-log/masked-fields.js'

export function SignedRequestPage(): ReactNode {
  const { connection } = useConnection()
  const registration = useExperiment<SigningClient>()
  const { state, run } = registration
  return (
    <Page
      title="Signed requests (JAR)"
      lead="What an app asks for goes through the browser, where anybody may write in the address. Here the app signs it with a key of its own. The server knows the public half, and takes nothing that was not signed."
      specs={['RFC 9101, section 5', 'RFC 9101, section 6.3', 'RFC 9126, section 3']}
    >
      <Card
        title="A client with a key"
        hint="The playground’s own client has no key. This makes one that cannot be copied out of the browser, and registers a client with its public half."
      >
        {state.status === 'done' && <RegisteredMembers client={state.result} />}
        <Group>
          <Button
            variant={state.status === 'done' ? 'default' : 'filled'}
            leftSection={<KeyIcon />}
            loading={state.status === 'running'}
            onClick={() => run(() => registerSigningClient(connection.issuer))}
          >
            {state.status === 'done' ? 'Make another' : 'Make a key and register'}
          </Button>
        </Group>
      </Card>
      {state.status === 'failed' && <ErrorAlert error={state.error} title="The client could not be registered" />}
      {state.status === 'done' && <SignIn key={state.result.registered.client_id} client={state.result} />}
    </Page>
  )
}

const shown = ['client_id', 'jwks', 'request_object_signing_alg', 'require_signed_request_object', 'request_uris']

function RegisteredMembers({ client: { registered } }: { readonly client: SigningClient }): ReactNode {
  return <FieldList fields={fieldsOfJson(registered).filter(({ name }) => shown.includes(name))} />
}

interface Signed {
  readonly requestObject: string | undefined
  readonly tokenSet: TokenSet
}

function SignIn({ client }: { readonly client: SigningClient }): ReactNode {
  const [delivery, setDelivery] = useState<Delivery>('value')
  const [tampering, setTampering] = useState<Tampering>('nobody')
  const createClient = useExperimentClient()
  const lab = useExperiment<Signed>()
  const work = async (): Promise<Signed> => {
    const { options, requestObject } = signedRequestOptions(client, delivery, tampering)
    return { tokenSet: await signInByPopup(createClient(options)), requestObject: requestObject() }
  }
  return (
    <Experiment
      verdict="where the server has it"
      advice="For payments, health and the like, where it must be certain who asked for what. Pushed requests are simpler and hide as much; signed ones can be shown to a judge."
      action="Sign in by popup"
      lab={lab}
      work={work}
      View={SignedResult}
    >
      <Choice label="How the signed request travels" options={deliveries} value={delivery} onChange={setDelivery} />
      <Choice label="What happens on the way" options={tamperings} value={tampering} onChange={setTampering} />
    </Experiment>
  )
}

function SignedResult({ result: { requestObject, tokenSet } }: { readonly result: Signed }): ReactNode {
  return (
    <Stack gap="lg">
      {requestObject !== undefined && (
        <div>
          <Text size="sm" mb="xs">
            What was asked, as it was signed. Compare its scope with the one that was granted.
          </Text>
          <TokenView name="signed request" token={requestObject} />
        </div>
      )}
      <TokenSetView result={tokenSet} />
    </Stack>
  )
}
