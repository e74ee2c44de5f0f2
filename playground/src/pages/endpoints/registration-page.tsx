import { Button, Group, Text, TextInput } from '@mantine/core'
import { type ClientRegistration, registerClient } from '@latchkey/core/endpoints'
import type { ReactNode } from 'react'
import { useConnection } from '../../connection/connection-context.js'
import { Experiment } from '../../experiments/experiment.js'
import { useExperiment } from '../../experiments/use-experiment.js'
import { FieldList } from '../../ui/field-list.js'
import { registrationCode } from '../../code/program-samples.js'
import type { FaultId } from '../../faults/faults.js'
import { useFault } from '../../faults/use-fault.js'
import { registrationStory } from '../../story/stories/program-stories.js'
import { Page } from '../../ui/page.js'
import { usePageState } from '../../ui/use-page-state.js'
import { fieldsOfJson } from '../../network-log/masked-fields.js'
import { createLoggingFetch } from '../../network-log/logging-fetch.js'

const faultIds: readonly FaultId[] = ['registration-uri', 'registration-down']

const defaults = { name: 'My client' }

export function RegistrationPage(): ReactNode {
  const { connection } = useConnection()
  const faults = useFault(faultIds)
  const experiment = useExperiment<ClientRegistration>()
  const [{ name }, change] = usePageState(defaults)
  const work = (): Promise<ClientRegistration> =>
    registerClient(
      { issuer: connection.issuer, fetch: createLoggingFetch('experiment', faults.fault?.alteration) },
      {
        client_name: name,
        redirect_uris: [`${location.origin}/`],
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
      },
    )
  return (
    <Page
      title="Client registration"
      lead="Usually a developer registers an app at the server by hand. With dynamic registration, the app sends its metadata and receives a client ID."
      specs={['RFC 7591, section 3']}
    >
      <Experiment
        verdict="Needs server support"
        advice="For tools that connect to unknown servers. Use the new client and sign in: the server’s page shows its name."
        action="Register"
        experiment={experiment}
        work={work}
        View={ClientRegistrationView}
        story={registrationStory}
        faults={faults}
        code={registrationCode(connection, name)}
      >
        <TextInput label="Name" maw="20rem" value={name} onChange={(event) => change({ name: event.currentTarget.value })} />
      </Experiment>
    </Page>
  )
}

function ClientRegistrationView({ result }: { readonly result: ClientRegistration }): ReactNode {
  const { connection, setConnection } = useConnection()
  return (
    <>
      <FieldList fields={fieldsOfJson(result)} />
      <Group>
        <Button variant="default" onClick={() => setConnection({ ...connection, clientId: result.client_id })}>
          Use this client in the playground
        </Button>
      </Group>
      <Text size="xs" c="dimmed">
        To undo this, open the page “Server”.
      </Text>
    </>
  )
}
