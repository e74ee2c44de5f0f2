import { Code, Stack, TextInput, Title } from '@mantine/core'
import type { TokenSet } from '@latchkey/core'
import { jwtBearerGrant, signAssertion } from '@latchkey/core/grants'
import type { ReactNode } from 'react'
import { Experiment } from '../../experiments/experiment.js'
import { TokenSetView } from '../../experiments/token-set-view.js'
import { useExperiment } from '../../experiments/use-experiment.js'
import { useExperimentClient } from '../../experiments/use-experiment-client.js'
import { useConnection } from '../../connection/connection-context.js'
import { serviceAccountCode } from '../../code/program-samples.js'
import { type AssertionFault, assertionFaults } from '../../faults/assertion-faults.js'
import { useFaultOf } from '../../faults/use-fault.js'
import { serviceAccountStory } from '../../story/stories/program-stories.js'
import { Page } from '../../ui/page.js'
import { usePageState } from '../../ui/use-page-state.js'
import { TokenView } from '../../ui/token-view.js'

interface Assertion {
  readonly assertion: string
  readonly tokenSet: TokenSet
}

const { issuer: serviceIssuer, key } = import.meta.env.SERVICE_ACCOUNT

const defaults = { subject: 'robot' }

export function ServiceAccountPage(): ReactNode {
  const faults = useFaultOf(assertionFaults)
  const createClient = useExperimentClient(faults.fault)
  const experiment = useExperiment<Assertion>()
  const { connection } = useConnection()
  const [{ subject }, change] = usePageState(defaults)
  const work = async (): Promise<Assertion> => {
    const assertion = await signUserAssertion(subject, connection.issuer, faults.fault)
    return { assertion, tokenSet: await jwtBearerGrant(createClient(), { assertion, scope: 'email' }) }
  }
  return (
    <Page
      title="Service accounts"
      lead="A program signs a short-lived assertion with its own key: who it is, and which user it acts for. The server knows the public key and returns a token. No secret is sent."
      specs={['RFC 7523, section 2.1', 'RFC 7521, section 4.1']}
    >
      <Experiment
        verdict="Server-side only"
        advice={
          <>
            In Node, <Code>assertionSession()</Code> does this and renews the token automatically. The key on this page is created
            whenever the playground starts.
          </>
        }
        action="Exchange an assertion"
        experiment={experiment}
        work={work}
        View={AssertionResult}
        story={serviceAccountStory}
        faults={faults}
        code={serviceAccountCode(connection, subject)}
      >
        <TextInput
          label="User to act for (sub)"
          description={`What the assertion says. The server decides whether ${serviceIssuer} may act for this user. The built-in server ignores the value, and returns a token for Ada.`}
          styles={{ wrapper: { maxWidth: '20rem' } }}
          value={subject}
          onChange={(event) => change({ subject: event.currentTarget.value })}
        />
      </Experiment>
    </Page>
  )
}

async function signUserAssertion(subject: string, issuer: string, fault: AssertionFault | undefined): Promise<string> {
  const { audience = issuer, age = 0, hasForeignKey = false } = fault?.assertion ?? {}
  const now = Math.floor(Date.now() / 1000) - age
  const signingKey = hasForeignKey ? await createForeignKey() : key
  return signAssertion({ key: signingKey, header: { alg: 'ES256' }, issuer: serviceIssuer, subject, audience, now, lifetime: 60 })
}

async function createForeignKey(): Promise<CryptoKey> {
  const { privateKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify'])
  return privateKey
}

function AssertionResult({ result }: { readonly result: Assertion }): ReactNode {
  return (
    <Stack gap="lg">
      <div>
        <Title order={3} size="h6" mb="xs">
          Assertion
        </Title>
        <TokenView name="assertion" token={result.assertion} />
      </div>
      <TokenSetView result={result.tokenSet} />
    </Stack>
  )
}
