import { Button, Collapse, Group, Stack, Text, Title } from '@mantine/core'
import { type ReactNode, useId, useState } from 'react'
import { maskedField } from '../network-log/masked-fields.js'
import { Card } from '../ui/card.js'
import { ErrorAlert, errorTitle } from '../ui/error-alert.js'
import { FieldList } from '../ui/field-list.js'
import { ExchangeView } from './exchange-view.js'
import type { LegsState, StepName, ThreeLegs } from './use-three-legs.js'

interface Step {
  readonly name: StepName
  readonly title: string
  readonly about: string
  readonly action: string
  /** Whether the step before is done. Temporary credentials and verifier can be used once. */
  readonly isReady: (state: LegsState) => boolean
}

const steps: readonly Step[] = [
  {
    name: 'temporary',
    title: '1. Temporary credentials',
    about: 'The app introduces itself with a signed request, and names the address to return to.',
    action: 'Request temporary credentials',
    isReady: () => true,
  },
  {
    name: 'verifier',
    title: '2. The user’s permission',
    about: 'The browser opens the provider’s page with the temporary token. The callback contains a verifier.',
    action: 'Allow the access',
    isReady: ({ temporary, verifier }) => temporary !== undefined && verifier === undefined,
  },
  {
    name: 'token',
    title: '3. Token credentials',
    about: 'The app exchanges the temporary credentials and the verifier, once, for a token that does not expire.',
    action: 'Exchange for token credentials',
    isReady: ({ verifier, token }) => verifier !== undefined && token === undefined,
  },
  {
    name: 'call',
    title: '4. A signed request',
    about: 'From now on, the app signs each request with both secrets: its own and the token’s.',
    action: 'Call the API',
    isReady: ({ token }) => token !== undefined,
  },
]

/** The three steps and the API call, one by one. */
export function StepsCard({ legs }: { readonly legs: ThreeLegs }): ReactNode {
  const latest = steps.findLast(({ name }) => isDone(legs.state, name))?.name
  return (
    <Card
      title="Step by step"
      hint="Run the steps one after the other. Each shows the request, the text that is signed, and the response."
    >
      <Stack gap="xl">
        {steps.map((step) => (
          <StepView key={step.name} step={step} legs={legs} isLatest={step.name === latest} />
        ))}
      </Stack>
    </Card>
  )
}

function isDone({ exchanges, verifier }: LegsState, name: StepName): boolean {
  return name === 'verifier' ? verifier !== undefined : exchanges[name] !== undefined
}

interface StepViewProps {
  readonly step: Step
  readonly legs: ThreeLegs
  readonly isLatest: boolean
}

function StepView({ step, legs: { state, run, stopWaiting }, isLatest }: StepViewProps): ReactNode {
  const { name, title, about, action, isReady } = step
  const isRunning = state.running === name
  const { failed } = state
  return (
    <section aria-label={title}>
      <Title order={3} size="h5">
        {title}
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        {about}
      </Text>
      <Group gap="xs">
        <Button
          variant={isDone(state, name) ? 'default' : 'filled'}
          disabled={!isReady(state) || (state.running !== undefined && !isRunning)}
          loading={isRunning}
          onClick={() => run(name)}
        >
          {action}
        </Button>
        {isRunning && name === 'verifier' && (
          <Button variant="default" onClick={stopWaiting}>
            Stop waiting for the popup
          </Button>
        )}
      </Group>
      <div role="status">
        {isDone(state, name) && <Details key={String(isLatest)} name={name} state={state} isOpen={isLatest} />}
      </div>
      {failed?.step === name && <ErrorAlert error={failed.error} title={errorTitle(failed.error)} />}
    </section>
  )
}

interface DetailsProps {
  readonly name: StepName
  readonly state: LegsState
  readonly isOpen: boolean
}

/** Open at the latest step: all of them would fill several screens. */
function Details({ name, state, isOpen: isOpenAtFirst }: DetailsProps): ReactNode {
  const [isOpen, setOpen] = useState(isOpenAtFirst)
  const id = useId()
  const exchange = state.exchanges[name]
  return (
    <>
      <Button my="sm" size="xs" variant="default" aria-expanded={isOpen} aria-controls={id} onClick={() => setOpen(!isOpen)}>
        {isOpen ? 'Hide' : 'Show'} the messages
      </Button>
      <Collapse expanded={isOpen} id={id}>
        {exchange ? <ExchangeView exchange={exchange} level={4} /> : <PermissionView state={state} />}
      </Collapse>
    </>
  )
}

function PermissionView({ state: { temporary, authorizationUrl, verifier } }: { readonly state: LegsState }): ReactNode {
  const callback = [{ name: 'oauth_token', value: temporary?.token }, maskedField('oauth_verifier', verifier ?? '')]
  return (
    <>
      <Text size="sm" mb="xs">
        The browser opened{' '}
        <span className="value">{authorizationUrl && authorizationUrl.origin + authorizationUrl.pathname}</span> with{' '}
        <b>oauth_token</b>. Links are not signed, so this step has no base string. It returned with:
      </Text>
      <FieldList fields={callback} />
    </>
  )
}
