import { Anchor, Avatar, Button, Collapse, Group, Skeleton, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useLogin, useOAuth } from '@latchkey/react'
import { BrowserIcon } from '@primer/octicons-react/BrowserIcon'
import { SignInIcon } from '@primer/octicons-react/SignInIcon'
import { SlidersIcon } from '@primer/octicons-react/SlidersIcon'
import { type ReactNode, useId } from 'react'
import { Link } from 'wouter'
import { useConnection } from '../../connection/connection-context.js'
import { isBuiltIn } from '../../connection/stored-connection.js'
import { SignInGuide } from '../../guide/sign-in-guide.js'
import { LoginOptionsFields, loginOptions, emptyLoginForm, loginFormChoices } from '../../session/login-options-fields.js'
import { contact, displayName } from '../../session/display-name.js'
import { Card } from '../../ui/card.js'
import { CodeCard } from '../../code/code-card.js'
import { SessionFaults } from '../../faults/session-faults.js'
import { loginCode, signInCode } from '../../code/sample.js'
import { Page } from '../../ui/page.js'
import { usePageState } from '../../ui/use-page-state.js'

export function SignInPage(): ReactNode {
  const { status } = useOAuth()
  const { connection } = useConnection()
  const [values] = usePageState(emptyLoginForm, loginFormChoices)
  const login = loginCode({ transport: 'redirect', ...loginOptions(values) })
  return (
    <Page
      title="Sign in"
      lead="Click the button and choose a test user. You return signed in. The steps below show what your browser and the server did."
      specs={['RFC 6749, section 4.1', 'RFC 7636', 'OpenID Connect Core 1.0, section 3.1']}
    >
      {status === 'restoring' && <Skeleton h={160} role="status" aria-label="Restoring the session" />}
      {status === 'signed-out' && <SignedOutCard />}
      {status === 'signed-in' && <SignedInCard />}
      <SignInGuide />
      <SessionFaults actions={['replay-callback', 'delete-storage']} />
      <CodeCard code={signInCode({ connection, login })} />
    </Page>
  )
}

function SignedOutCard(): ReactNode {
  const { connection } = useConnection()
  const hint = isBuiltIn(connection)
    ? 'The authorization server runs on your machine, inside this dev server. Its test users need no password.'
    : `You will sign in at ${connection.issuer}.`
  return (
    <Card title="Not signed in" hint={hint}>
      <LoginControls redirectLabel="Sign in" popupLabel="Sign in by popup" />
    </Card>
  )
}

function SignedInCard(): ReactNode {
  const { claims } = useOAuth()
  return (
    <Card title="You are signed in">
      <Group wrap="nowrap">
        <Avatar name={displayName(claims)} color="indigo" variant="filled" size="lg" aria-hidden />
        <div>
          <Text fw={600}>{displayName(claims)}</Text>
          <Text size="sm" c="dimmed">
            {contact(claims)}
          </Text>
        </div>
      </Group>
      <Text size="sm">
        Reload the page: you stay signed in, without a request. Then see <PageLink to="/user">your claims</PageLink> and{' '}
        <PageLink to="/tokens">your tokens</PageLink>, or <PageLink to="/call-api">call an API</PageLink>.
      </Text>
      <LoginControls redirectLabel="Sign in again" popupLabel="Sign in again by popup" />
    </Card>
  )
}

function PageLink({ to, children }: { readonly to: string; readonly children: ReactNode }): ReactNode {
  return (
    <Anchor component={Link} href={to} underline="always">
      {children}
    </Anchor>
  )
}

interface LoginControlsProps {
  readonly redirectLabel: string
  readonly popupLabel: string
}

function LoginControls({ redirectLabel, popupLabel }: LoginControlsProps): ReactNode {
  const { login, isPending } = useLogin()
  const [values, setValues] = usePageState(emptyLoginForm, loginFormChoices)
  const [isOpen, more] = useDisclosure(Object.values(values).some((value) => value !== ''))
  const id = useId()
  return (
    <Stack gap="md">
      <Group>
        <Button
          leftSection={<SignInIcon />}
          loading={isPending}
          onClick={() => void login({ ...loginOptions(values), transport: 'redirect' })}
        >
          {redirectLabel}
        </Button>
        <Button
          variant="default"
          leftSection={<BrowserIcon />}
          disabled={isPending}
          onClick={() => void login({ ...loginOptions(values), transport: 'popup' })}
        >
          {popupLabel}
        </Button>
        <Button variant="default" leftSection={<SlidersIcon />} aria-expanded={isOpen} aria-controls={id} onClick={more.toggle}>
          Options
        </Button>
      </Group>
      <Collapse expanded={isOpen} id={id}>
        <LoginOptionsFields values={values} onChange={setValues} />
      </Collapse>
    </Stack>
  )
}
