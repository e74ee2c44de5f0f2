import { Alert, Badge, Button, Group, Progress, Text } from '@mantine/core'
import { useOAuth, useToken } from '@latchkey/react'
import { SyncIcon } from '@primer/octicons-react/SyncIcon'
import { type ReactNode, useMemo, useState } from 'react'
import { NeedsSignIn } from '../../session/needs-sign-in.js'
import { useNow } from '../../session/use-now.js'
import { Card } from '../../ui/card.js'
import { Page } from '../../ui/page.js'
import { Secret } from '../../ui/secret.js'
import { TokenView } from '../../ui/token-view.js'

export function TokensPage(): ReactNode {
  return (
    <Page
      title="Tokens"
      lead="The access token opens APIs, the ID token says who signed in, and the refresh token fetches new ones. They are kept encrypted in this browser’s IndexedDB."
      specs={['RFC 6749, section 1.4', 'RFC 6749, section 6', 'OpenID Connect Core 1.0, section 2']}
    >
      <NeedsSignIn>
        <AccessTokenCard />
        <IdTokenCard />
        <RefreshCard />
      </NeedsSignIn>
    </Page>
  )
}

function AccessTokenCard(): ReactNode {
  const { accessToken, tokenType, scope, expiresAt } = useToken()
  return (
    <Card
      title="Access token"
      hint="What an API wants to see. It is meant for the API: to the app it is only a string."
      aside={<Badge variant="default">{tokenType}</Badge>}
    >
      {accessToken && <TokenView name="access token" token={accessToken} />}
      {expiresAt !== undefined && <Lifetime expiresAt={expiresAt} />}
      {scope && (
        <Group gap={6}>
          <Text size="sm">Granted:</Text>
          {scope.split(' ').map((word) => (
            <Badge key={word} variant="light" tt="none">
              {word}
            </Badge>
          ))}
        </Group>
      )}
    </Card>
  )
}

function IdTokenCard(): ReactNode {
  const { idToken } = useToken()
  if (!idToken) return undefined
  return (
    <Card title="ID token" hint="A signed statement about who signed in, made for this app alone. It has been checked.">
      <TokenView name="ID token" token={idToken} />
    </Card>
  )
}

function RefreshCard(): ReactNode {
  const { refresh, accessToken } = useToken()
  const refreshToken = useRefreshToken(accessToken)
  const [state, setState] = useState<{ readonly isPending: boolean; readonly at?: number }>({
    isPending: false,
  })
  const run = (): void => {
    setState({ isPending: true })
    refresh().then(
      () => setState({ isPending: false, at: Date.now() }),
      // What went wrong is shown above every page.
      () => setState({ isPending: false }),
    )
  }
  return (
    <Card
      title="Refresh token"
      hint="Before an access token ends, the client fetches a new one with it: by itself, and once, however many components and tabs ask. You can also ask now. Watch the refresh token change."
    >
      {refreshToken ? <Secret name="refresh token" value={refreshToken} /> : <Text size="sm">{noRefreshToken}</Text>}
      <Group>
        <Button leftSection={<SyncIcon />} loading={state.isPending} onClick={run}>
          Refresh now
        </Button>
        {state.at !== undefined && (
          <Text size="sm" role="status">
            Refreshed at {new Date(state.at).toLocaleTimeString()}. Look at the wire: one request.
          </Text>
        )}
      </Group>
    </Card>
  )
}

const noRefreshToken = 'There is none: ask for “offline_access” in the scope, or sign in again when the access token ends.'

/** The hooks don't hand out the refresh token: no app needs it. Read anew with every new access token. */
function useRefreshToken(accessToken: string | undefined): string | undefined {
  const { client } = useOAuth()
  return useMemo(() => (accessToken === undefined ? undefined : client.getTokenSet()?.refreshToken), [client, accessToken])
}

/** @param expiresAt seconds since the epoch */
function Lifetime({ expiresAt }: { readonly expiresAt: number }): ReactNode {
  const secondsLeft = Math.round(expiresAt - useNow() / 1000)
  if (secondsLeft <= 0) return <Alert color="yellow">It has expired. The next call that needs it fetches a new one.</Alert>
  return (
    <div>
      <Text size="sm" mb={4}>
        Good for {secondsLeft >= 120 ? `${Math.round(secondsLeft / 60)} minutes` : `${secondsLeft} seconds`} more, until{' '}
        {new Date(expiresAt * 1000).toLocaleTimeString()}
      </Text>
      <Progress value={Math.min(100, (secondsLeft / 3600) * 100)} aria-label="Lifetime left, of one hour" size="sm" />
    </div>
  )
}
