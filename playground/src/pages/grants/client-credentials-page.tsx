import type { TokenSet } from '@latchkey/core'
import { clientSecretBasic, clientSecretJwt, clientSecretPost } from '@latchkey/core/client-auth'
import { clientCredentialsGrant } from '@latchkey/core/grants'
import type { ReactNode } from 'react'
import { Choice } from '../../ui/choice.js'
import { ConfidentialClientFields, demoClient } from '../../experiments/confidential-client.js'
import { Experiment } from '../../experiments/experiment.js'
import { useConfidentialClient } from '../../experiments/use-confidential-client.js'
import { TokenSetView } from '../../experiments/token-set-view.js'
import { useExperiment } from '../../experiments/use-experiment.js'
import { useExperimentClient } from '../../experiments/use-experiment-client.js'
import { clientCredentialsCode } from '../../code/program-samples.js'
import type { FaultId } from '../../faults/faults.js'
import { useFault } from '../../faults/use-fault.js'
import { useConnection } from '../../connection/connection-context.js'
import { clientCredentialsStory } from '../../story/stories/program-stories.js'
import { Page } from '../../ui/page.js'
import { usePageState } from '../../ui/use-page-state.js'

const methods = {
  client_secret_basic: clientSecretBasic,
  client_secret_post: clientSecretPost,
  client_secret_jwt: clientSecretJwt,
}

const methodOptions = [
  { value: 'client_secret_basic', about: 'ID and secret in the Authorization header.' },
  { value: 'client_secret_post', about: 'ID and secret in the request body.' },
  { value: 'client_secret_jwt', about: 'A short-lived token signed with the secret, which is not sent itself.' },
] as const

type Method = keyof typeof methods
const defaults: { readonly method: Method } = { method: 'client_secret_basic' }
const choices = { method: methodOptions.map(({ value }) => value) }

const faultIds: readonly FaultId[] = ['down', 'html', 'silent', 'issuer', 'slow']

export function ClientCredentialsPage(): ReactNode {
  const { connection } = useConnection()
  const faults = useFault(faultIds)
  const createClient = useExperimentClient(faults.fault)
  const experiment = useExperiment<TokenSet>()
  const [service, setService] = useConfidentialClient()
  const { clientId, clientSecret } = service
  const [{ method }, change] = usePageState(defaults, choices)
  // A client is registered for client_secret_jwt, or for the two other methods: the built-in server has one client for each.
  const selectMethod = (next: Method): void => {
    change({ method: next })
    setService({ ...service, clientId: next === 'client_secret_jwt' ? 'demo-service-jwt' : demoClient.clientId })
  }
  const work = (): Promise<TokenSet> =>
    clientCredentialsGrant(createClient({ clientId, scope: 'email' }), {
      clientAuth: methods[method](clientSecret),
      scope: 'email',
    })
  return (
    <Page
      title="Client credentials"
      lead="A program requests a token for itself and authenticates with a secret. There is no user, no ID token and no refresh token."
      specs={['RFC 6749, section 4.4', 'RFC 6749, section 2.3', 'OpenID Connect Core 1.0, section 9']}
    >
      <Experiment
        verdict="Server-side only"
        advice="For servers and scripts, because a page cannot keep a secret. The secret here is a public demo value."
        action="Request a token"
        experiment={experiment}
        work={work}
        View={TokenSetView}
        story={clientCredentialsStory}
        faults={faults}
        code={clientCredentialsCode({ ...connection, clientId }, method)}
      >
        <ConfidentialClientFields client={service} onChange={setService} />
        <Choice label="Client authentication" options={methodOptions} value={method} onChange={selectMethod} />
      </Experiment>
    </Page>
  )
}
