import { Alert, Badge, Button, Group, Progress, Text } from '@mantine/core'
import { useOAuth, useToken } from '@latchkey/react'
import { SyncIcon } from '@primer/octicons-react/SyncIcon'
import { type ReactNode, useMemo, useState } from 'react'
import { NeedsSignIn } from '../../session/needs-sign-in.js'
import { useNow } from '../../session/use-now.js'
import { Card } from '../../ui/card.js'
import { CodeCard } from '../../code/code-card.js'
import { SessionFaults } from '../../faults/session-faults.js'
import { tokenCode } from '../../code/hook-samples.js'
import { SessionStory } from '../../story/session-story.js'
import { refreshStory } from '../../story/stories/session-stories.js'
import { Page } from '../../ui/page.js'
import { Secret } from '../../ui/secret.js'
import { TokenView } from '../../ui/token-view.js'

const preview = [
  { name: 'access_token', value: '•••• (912 characters), expires in 60 min' },
  { name: 'id_token', value: '•••• (701 characters)' },
  { name: 'refresh_token', value: '•••• (43 characters)' },
  { name: 'scope', value: 'openid profile email offline_access' },
]

export function TokensPage(): ReactNode {
  return (
    <Page
      title="Tokens"
      lead="The access token authorizes API calls, the ID token identifies the user, and the refresh token gets new tokens. They are stored encrypted in this browser’s IndexedDB."
      specs={['RFC 6749, section 1.4', 'RFC 6749, section 6', 'OpenID Connect Core 1.0, section 2']}
    >
      <NeedsSignIn preview={preview}>
        <AccessTokenCard />
        <IdTokenCard />
        <RefreshCard />
      </NeedsSignIn>
      <SessionFaults actions={['expire', 'revoke', 'delete-storage']} />
      <SessionStory story={refreshStory} />
      <CodeCard code={tokenCode} />
    </Page>
  )
}

function AccessTokenCard(): ReactNode {
  const { accessToken, tokenType, scope, expiresAt } = useToken()
  return (
    <Card
      title="Access token"
      hint="Sent to the API. To the app, it is an opaque string."
      aside={
        <Badge variant="default" tt="none">
          {tokenType}
        </Badge>
      }
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
    <Card title="ID token" hint="A signed statement about the user, issued for this app. It has been validated.">
      <TokenView name="ID token" token={idToken} />
    </Card>
  )
}

function RefreshCard(): ReactNode {
  const { refresh, accessToken } = useToken()
  const refreshToken = useRefreshToken(accessToken)
  const [state, setState] = useState<{ readonly isPending: boolean; readonly at?: number | undefined }>({
    isPending: false,
  })
  const run = (): void => {
    setState({ isPending: true })
    refresh().then(
      () => setState({ isPending: false, at: Date.now() }),
      // The session's error is shown above every page.
      () => setState({ isPending: false }),
    )
  }
  return (
    <Card
      title="Refresh token"
      hint="The client refreshes the access token before it expires, with one request for all components and tabs. Click “Refresh now” to do it yourself: the refresh token changes."
    >
      {refreshToken ? <Secret name="refresh token" value={refreshToken} /> : <Text size="sm">{NO_REFRESH_TOKEN}</Text>}
      <Group>
        <Button leftSection={<SyncIcon />} loading={state.isPending} onClick={run}>
          Refresh now
        </Button>
        {state.at !== undefined && (
          <Text size="sm" role="status">
            Refreshed at {new Date(state.at).toLocaleTimeString()}. The network log shows one request.
          </Text>
        )}
      </Group>
    </Card>
  )
}

const NO_REFRESH_TOKEN = 'No refresh token. Add “offline_access” to the scope, or sign in again when the access token expires.'

/** The hooks do not return the refresh token, because apps do not need it. Read again with every new access token. */
function useRefreshToken(accessToken: string | undefined): string | undefined {
  const { client } = useOAuth()
  return useMemo(() => (accessToken === undefined ? undefined : client.getTokenSet()?.refreshToken), [client, accessToken])
}

/** @param expiresAt seconds since the epoch */
function Lifetime({ expiresAt }: { readonly expiresAt: number }): ReactNode {
  const secondsLeft = Math.round(expiresAt - useNow() / 1000)
  if (secondsLeft <= 0) return <Alert color="yellow">Expired. The next API call refreshes it.</Alert>
  return (
    <div>
      <Text size="sm" mb={4}>
        Expires in {secondsLeft >= 120 ? `${Math.round(secondsLeft / 60)} min` : `${secondsLeft} s`}, at{' '}
        {new Date(expiresAt * 1000).toLocaleTimeString()}
      </Text>
      <Progress value={Math.min(100, (secondsLeft / 3600) * 100)} aria-label="Remaining lifetime, of one hour" size="sm" />
    </div>
  )
}
