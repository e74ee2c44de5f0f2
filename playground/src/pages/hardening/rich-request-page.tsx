import type { AuthorizationDetails, TokenSet } from '@latchkey/core'
import { Group, Stack, TextInput, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { Choice } from '../../ui/choice.js'
import { Experiment } from '../../experiments/experiment.js'
import { TokenSetView } from '../../experiments/token-set-view.js'
import { useExperiment } from '../../experiments/use-experiment.js'
import { signInByPopup, useExperimentClient } from '../../experiments/use-experiment-client.js'
import { FieldList } from '../../ui/field-list.js'
import { richRequestCode } from '../../code/rich-request-sample.js'
import type { FaultId } from '../../faults/faults.js'
import { useFault } from '../../faults/use-fault.js'
import { useConnection } from '../../connection/connection-context.js'
import { rarStory } from '../../story/stories/front-channel-stories.js'
import { Page } from '../../ui/page.js'
import { usePageState } from '../../ui/use-page-state.js'

const types = [
  { value: 'payment_initiation', about: 'One payment: amount and payee.' },
  { value: 'account_information', about: 'The user’s accounts and their balances.' },
  { value: 'both', label: 'both', about: 'Two details in one request. The user accepts or denies them together.' },
] as const

type RequestedType = (typeof types)[number]['value']

interface Payment {
  readonly amount: string
  readonly creditorName: string
}

const defaults: Payment & { readonly type: RequestedType } = {
  type: 'payment_initiation',
  amount: '123.50',
  creditorName: 'Babbage Engines Ltd',
}
const choices = { type: types.map(({ value }) => value) }

const faultIds: readonly FaultId[] = ['scope', 'replay', 'down', 'tampered-redirect']

export function RichRequestPage(): ReactNode {
  const [{ type: requestedType, ...payment }, change] = usePageState(defaults, choices)
  const { connection } = useConnection()
  const faults = useFault(faultIds)
  const createClient = useExperimentClient(faults.fault)
  const experiment = useExperiment<TokenSet>()
  const work = (): Promise<TokenSet> => signInByPopup(createClient(), { authorizationDetails: detailsOf(requestedType, payment) })
  return (
    <Page
      title="Rich requests (RAR)"
      lead="A scope is one word, such as “payments”. Authorization details state the amount and the payee. The user sees exactly that and decides, and the token permits nothing else."
      specs={['RFC 9396, section 2', 'RFC 9396, section 5', 'RFC 9396, section 7']}
    >
      <Experiment
        verdict="Needs server support"
        advice="The server’s metadata lists the supported types. The server checks every detail, and the user decides each time. Try an amount above 10000, or an invalid one."
        action="Sign in by popup"
        experiment={experiment}
        work={work}
        View={Granted}
        story={rarStory}
        faults={faults}
        code={richRequestCode(connection, detailsOf(requestedType, payment))}
      >
        <Choice label="Type of the details" options={types} value={requestedType} onChange={(type) => change({ type })} />
        {requestedType !== 'account_information' && <PaymentFields payment={payment} onChange={change} />}
      </Experiment>
    </Page>
  )
}

interface PaymentFieldsProps {
  readonly payment: Payment
  readonly onChange: (payment: Payment) => void
}

function PaymentFields({ payment, onChange }: PaymentFieldsProps): ReactNode {
  return (
    <Group grow preventGrowOverflow={false} align="start">
      <TextInput
        label="Amount in EUR"
        value={payment.amount}
        inputMode="decimal"
        autoComplete="off"
        onChange={(event) => onChange({ ...payment, amount: event.currentTarget.value })}
      />
      <TextInput
        label="Payee"
        value={payment.creditorName}
        autoComplete="off"
        onChange={(event) => onChange({ ...payment, creditorName: event.currentTarget.value })}
      />
    </Group>
  )
}

function detailsOf(requestedType: RequestedType, { amount, creditorName }: Payment): readonly AuthorizationDetails[] {
  const payment = {
    type: 'payment_initiation',
    actions: ['initiate'],
    instructedAmount: { currency: 'EUR', amount },
    creditorName,
  }
  const accounts = {
    type: 'account_information',
    actions: ['list_accounts', 'read_balances'],
    locations: [`${location.origin}/api/`],
  }
  return [payment, accounts].filter(({ type }) => requestedType === 'both' || requestedType === type)
}

function Granted({ result }: { readonly result: TokenSet }): ReactNode {
  const granted = result.response['authorization_details']
  const list: readonly unknown[] = Array.isArray(granted) ? granted : []
  return (
    <Stack gap="lg">
      {list.map((details, index) => (
        // Details have no id, and two may be equal.
        <div key={index}>
          <Title order={3} size="h6" mb="xs">
            Granted details
          </Title>
          <FieldList fields={Object.entries(Object(details)).map(([name, value]) => ({ name, value }))} />
        </div>
      ))}
      <TokenSetView result={result} />
    </Stack>
  )
}
