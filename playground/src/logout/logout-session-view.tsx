import { OAuthProvider, useBackChannelLogout, useOAuth } from '@latchkey/react'
import { Alert, Button, Group, Text } from '@mantine/core'
import { SignOutIcon } from '@primer/octicons-react/SignOutIcon'
import type { ReactNode } from 'react'
import { ExplanationView } from '../faults/explanation-view.js'
import type { Fault } from '../faults/fault.js'
import { useFaultOf } from '../faults/use-fault.js'
import { displayName } from '../session/display-name.js'
import { StatusBadge } from '../session/status-badge.js'
import { FactList } from '../ui/fact-list.js'
import { useFocusOn } from '../ui/use-focus-on.js'
import { backChannelFaults, frontChannelFaults } from './logout-faults.js'
import type { LogoutSession } from './logout-session.js'
import { type LogoutOutcome, useEndSession } from './use-end-session.js'

/** The session of the registered client, a button that ends it at the server, and the result. */
export function LogoutSessionView({ result: session }: { readonly result: LogoutSession }): ReactNode {
  return (
    <OAuthProvider client={session.client}>
      {session.channel === 'back' && <LogoutListener url={session.eventsUrl} />}
      <SessionPanel session={session} />
    </OAuthProvider>
  )
}

/** All that an app needs for back-channel logout, beside its API. */
function LogoutListener({ url }: { readonly url: string }): ReactNode {
  const { error } = useBackChannelLogout({ url })
  return error && <Text size="sm">The API refuses the stream: {error.message}</Text>
}

function SessionPanel({ session }: { readonly session: LogoutSession }): ReactNode {
  const { claims, isSignedIn } = useOAuth()
  const { fault } = useFaultOf<Fault>(session.channel === 'back' ? backChannelFaults : frontChannelFaults)
  const { isWaiting, isBlocked, outcome, end } = useEndSession(session)
  return (
    <>
      <Group gap="xs">
        <StatusBadge isSignedIn={isSignedIn} />
        {isSignedIn && <Text size="sm">{displayName(claims)}</Text>}
      </Group>
      <Group gap="sm">
        <Button
          leftSection={<SignOutIcon />}
          disabled={!isSignedIn || outcome !== undefined}
          loading={isWaiting}
          onClick={() => end(fault)}
        >
          End the session at the server
        </Button>
      </Group>
      <Text size="sm" c="dimmed">
        Opens the server’s own sign-out page, as if you had signed out there or in another app.
      </Text>
      {isBlocked && (
        <Text size="sm" role="alert">
          The browser has blocked the popup. Allow popups for this page, and try again.
        </Text>
      )}
      {outcome && <OutcomeView outcome={outcome} isSignedIn={isSignedIn} />}
    </>
  )
}

interface OutcomeViewProps {
  readonly outcome: LogoutOutcome
  readonly isSignedIn: boolean
}

/** Gets the focus, because the user returns from another window. */
function OutcomeView({ outcome: { fault, refusal }, isSignedIn }: OutcomeViewProps): ReactNode {
  const place = useFocusOn(true)
  return (
    <Alert
      ref={place}
      tabIndex={-1}
      role="status"
      color={fault ? 'orange' : 'green'}
      title={refusal === undefined ? titleOf(isSignedIn) : 'Logout message refused'}
    >
      <Text size="sm">{isSignedIn ? KEPT : ENDED}</Text>
      <ExplanationView of={fault} />
      <FactList facts={[['The check said', refusal]]} />
    </Alert>
  )
}

const ENDED = 'The session of this page has ended, in all its tabs, without a click in the app.'
const KEPT =
  'The session of this page continues until its next refresh. The server refuses that, because the session there has ended.'

function titleOf(isSignedIn: boolean): string {
  return isSignedIn ? 'Not meant for this session' : 'Signed out by the server'
}
