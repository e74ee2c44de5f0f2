import { Code, Stack, Text, TextInput } from '@mantine/core'
import type { TokenSet } from '@latchkey/core'
import { jwtBearerGrant, signAssertion } from '@latchkey/core/grants'
import { type ReactNode, useState } from 'react'
import { Experiment } from '../../experiments/experiment.js'
import { TokenSetView } from '../../experiments/token-set-view.js'
import { useExperiment } from '../../experiments/use-experiment.js'
import { useExperimentClient } from '../../experiments/use-experiment-client.js'
import { useConnection } from '../../connection/connection-context.js'
import { Page } from '../../ui/page.js'
import { TokenView } from '../../ui/token-view.js'

interface Assertion {
  readonly assertion: string
  readonly tokenSet: TokenSet
}

const { issuer: serviceIssuer, key } = import.meta.env.SERVICE_ACCOUNT

export function ServiceAccountPage(): ReactNode {
  const createClient = useExperimentClient()
  const lab = useExperiment<Assertion>()
  const { connection } = useConnection()
  const [subject, setSubject] = useState('robot')
  const work = async (): Promise<Assertion> => {
    const assertion = await signStatement(subject, connection.issuer)
    return { assertion, tokenSet: await jwtBearerGrant(createClient(), { assertion, scope: 'email' }) }
  }
  return (
    <Page
      title="Service accounts"
      lead="A program signs a short statement with its own key: I am this service, and I act for this user. The server knows the public half of the key and answers with a token. No secret travels."
      specs={['RFC 7523, section 2.1', 'RFC 7521, section 4.1']}
    >
      <Experiment
        verdict="not for pages"
        advice={
          <>
            In Node, <Code>assertionSession()</Code> does it and renews by itself. The key here is made anew whenever the
            playground starts.
          </>
        }
        action="Sign a statement and trade it"
        lab={lab}
        work={work}
        View={Traded}
      >
        <TextInput
          label="Whom it acts for (sub)"
          maw="20rem"
          value={subject}
          onChange={(event) => setSubject(event.currentTarget.value)}
        />
        <Text size="xs" c="dimmed">
          The built-in server takes {serviceIssuer} at its word, and lets it act for Ada whatever it says.
        </Text>
      </Experiment>
    </Page>
  )
}

function signStatement(subject: string, audience: string): Promise<string> {
  const now = Math.floor(Date.now() / 1000)
  return signAssertion({ key, header: { alg: 'ES256' }, issuer: serviceIssuer, subject, audience, now, lifetime: 60 })
}

function Traded({ result }: { readonly result: Assertion }): ReactNode {
  return (
    <Stack gap="lg">
      <TokenView name="statement" token={result.assertion} />
      <TokenSetView result={result.tokenSet} />
    </Stack>
  )
}
