import type { AuthorizationDetails, TokenSet } from '@latchkey/core'
import { Group, Stack, TextInput, Title } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { Choice } from '../../ui/choice.js'
import { Experiment } from '../../experiments/experiment.js'
import { TokenSetView } from '../../experiments/token-set-view.js'
import { useExperiment } from '../../experiments/use-experiment.js'
import { signInByPopup, useExperimentClient } from '../../experiments/use-experiment-client.js'
import { FieldList } from '../../ui/field-list.js'
import { Page } from '../../ui/page.js'

const types = [
  { value: 'payment_initiation', about: 'one payment: how much, and to whom' },
  { value: 'account_information', about: 'the accounts there are, and what is on them' },
  { value: 'both', label: 'both at once', about: 'two things in one request, decided together' },
] as const

type Asked = (typeof types)[number]['value']

interface Payment {
  readonly amount: string
  readonly creditorName: string
}

export function RichRequestPage(): ReactNode {
  const [asked, setAsked] = useState<Asked>('payment_initiation')
  const [payment, setPayment] = useState<Payment>({ amount: '123.50', creditorName: 'Babbage Engines Ltd' })
  const client = useExperimentClient()
  const lab = useExperiment<TokenSet>()
  const work = (): Promise<TokenSet> => signInByPopup(client(), { authorizationDetails: detailsOf(asked, payment) })
  return (
    <Page
      title="Rich requests (RAR)"
      lead="A scope is a word: “payments”. Details say which payment, of how much, to whom. The person sees just that and decides, and the token is good for nothing else."
      specs={['RFC 9396, section 2', 'RFC 9396, section 5', 'RFC 9396, section 7']}
    >
      <Experiment
        verdict="where the server has it"
        advice="The server’s metadata lists the types that it knows. It looks at every detail and asks each time: try an amount of more than 10000, or one that is none."
        action="Sign in by popup"
        lab={lab}
        work={work}
        View={Granted}
      >
        <Choice label="type" options={types} value={asked} onChange={setAsked} />
        {asked !== 'account_information' && <PaymentFields payment={payment} onChange={setPayment} />}
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
        label="Who gets it"
        value={payment.creditorName}
        autoComplete="off"
        onChange={(event) => onChange({ ...payment, creditorName: event.currentTarget.value })}
      />
    </Group>
  )
}

function detailsOf(asked: Asked, { amount, creditorName }: Payment): readonly AuthorizationDetails[] {
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
  return [payment, accounts].filter(({ type }) => asked === 'both' || asked === type)
}

function Granted({ result }: { readonly result: TokenSet }): ReactNode {
  const granted = result.response['authorization_details']
  const list: readonly unknown[] = Array.isArray(granted) ? granted : []
  return (
    <Stack gap="lg">
      {list.map((details, index) => (
        // The same thing may be granted twice.
        <div key={index}>
          <Title order={3} size="h6" mb="xs">
            Granted in detail
          </Title>
          <FieldList fields={Object.entries(Object(details)).map(([name, value]) => ({ name, value }))} />
        </div>
      ))}
      <TokenSetView result={result} />
    </Stack>
  )
}
