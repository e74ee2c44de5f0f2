import { Alert, Anchor, Button, Code, CopyButton, Group, Text } from '@mantine/core'
import { LinkIcon } from '@primer/octicons-react/LinkIcon'
import { type ReactNode, useState } from 'react'
import { ConnectionForm } from '../../connection/connection-form.js'
import { useConnection } from '../../connection/connection-context.js'
import { builtInConnection } from '../../connection/built-in-connection.js'
import { type Connection, metadataUrl } from '../../connection/connection.js'
import { connectionOfUrl, isBuiltIn, linkToConnection } from '../../connection/stored-connection.js'
import { DiagnosisView } from '../../doctor/diagnosis-view.js'
import { useDiagnosis } from '../../doctor/use-diagnosis.js'
import { Card } from '../../ui/card.js'
import { FieldList } from '../../ui/field-list.js'
import { Page } from '../../ui/page.js'

export function ServerPage(): ReactNode {
  const { connection, setConnection } = useConnection()
  const [isSaved, setSaved] = useState(false)
  const examination = useDiagnosis()
  const proposed = connectionOfUrl(new URL(location.href))
  const choose = (next: Connection): void => {
    setConnection(next)
    setSaved(true)
    history.replaceState(null, '', '/server')
  }
  const check = (setup: Connection): void =>
    examination.examine(({ diagnoseSetup }) => diagnoseSetup({ ...setup, redirectUri: `${location.origin}/` }))
  return (
    <Page
      title="Server"
      lead="The playground uses the authorization server inside this dev server. You can also use your own server, or a provider’s."
      specs={['RFC 8414, section 2', 'OpenID Connect Discovery 1.0, section 4']}
    >
      <CurrentServer connection={connection} isSaved={isSaved} onReset={() => choose(builtInConnection)} />
      <Card title="Use another server" hint={<RegistrationHint />}>
        {proposed && (
          <Alert title="This form was filled in by a link">Use the server only if you trust it: you will sign in there.</Alert>
        )}
        <ConnectionForm initial={proposed ?? connection} onSubmit={choose} onCheck={check} onChange={examination.discard} />
        <DiagnosisView {...examination} />
      </Card>
    </Page>
  )
}

function RegistrationHint(): ReactNode {
  return (
    <>
      Register a public client (single-page app, no secret) at the server, with the redirect URI{' '}
      <Code>{`${location.origin}/`}</Code>, and allow this origin in its CORS settings.
    </>
  )
}

interface CurrentServerProps {
  readonly connection: Connection
  readonly isSaved: boolean
  readonly onReset: () => void
}

function CurrentServer({ connection, isSaved, onReset }: CurrentServerProps): ReactNode {
  const fields = [
    { name: 'issuer', value: connection.issuer },
    { name: 'client_id', value: connection.clientId },
    { name: 'scope', value: connection.scope },
  ]
  return (
    <Card title={isBuiltIn(connection) ? 'Current: built-in server' : 'Current: another server'}>
      <FieldList fields={fields} />
      <Text size="sm">
        <Anchor href={metadataUrl(connection.issuer)} target="_blank" rel="noreferrer" underline="always">
          Show its metadata
        </Anchor>
      </Text>
      <Group>
        <CopyButton value={linkToConnection(connection, new URL(location.href))}>
          {({ copied, copy }) => (
            <Button size="xs" variant="default" leftSection={<LinkIcon />} onClick={copy}>
              {copied ? 'Copied' : 'Copy a link to this server'}
            </Button>
          )}
        </CopyButton>
        {!isBuiltIn(connection) && (
          <Button size="xs" variant="default" onClick={onReset}>
            Use the built-in server
          </Button>
        )}
      </Group>
      {isSaved && (
        <Text size="sm" role="status">
          Saved. The playground now uses {connection.issuer}.
        </Text>
      )}
    </Card>
  )
}
