import type { TokenSet } from '@latchkey/core'
import { clientSecretBasic, clientSecretJwt, clientSecretPost } from '@latchkey/core/client-auth'
import { clientCredentialsGrant } from '@latchkey/core/grants'
import { type ReactNode, useState } from 'react'
import { Choice } from '../../ui/choice.js'
import { ConfidentialClientFields, demoClient } from '../../experiments/confidential-client.js'
import { Experiment } from '../../experiments/experiment.js'
import { TokenSetView } from '../../experiments/token-set-view.js'
import { useExperiment } from '../../experiments/use-experiment.js'
import { useExperimentClient } from '../../experiments/use-experiment-client.js'
import { Page } from '../../ui/page.js'

const methods = {
  client_secret_basic: clientSecretBasic,
  client_secret_post: clientSecretPost,
  client_secret_jwt: clientSecretJwt,
}

const methodOptions = [
  { value: 'client_secret_basic', about: 'id and secret in the Authorization header' },
  { value: 'client_secret_post', about: 'id and secret in the form' },
  { value: 'client_secret_jwt', about: 'a short token signed with the secret, which itself does not travel' },
] as const

export function ClientCredentialsPage(): ReactNode {
  const createClient = useExperimentClient()
  const lab = useExperiment<TokenSet>()
  const [service, setService] = useState(demoClient)
  const [method, setMethod] = useState<keyof typeof methods>('client_secret_basic')
  const choose = (chosen: keyof typeof methods): void => {
    setMethod(chosen)
    // A client is registered for one way, or for the two plain ones: the built-in server has one of each.
    setService({ ...service, clientId: chosen === 'client_secret_jwt' ? 'demo-service-jwt' : 'demo-service' })
  }
  const { clientId, clientSecret } = service
  const work = (): Promise<TokenSet> =>
    clientCredentialsGrant(createClient({ clientId, scope: 'email' }), {
      clientAuth: methods[method](clientSecret),
      scope: 'email',
    })
  return (
    <Page
      title="Client credentials"
      lead="A program asks for a token for itself. Nobody is signed in: there is no user, no ID token, no refresh token. It shows who it is by a secret."
      specs={['RFC 6749, section 4.4', 'RFC 6749, section 2.3', 'OpenID Connect Core 1.0, section 9']}
    >
      <Experiment
        verdict="not for pages"
        advice="For servers and scripts, in Node: whatever a page knows, everybody knows who opens it. The playground shows it with a secret that is none."
        action="Ask for a token"
        lab={lab}
        work={work}
        View={TokenSetView}
      >
        <ConfidentialClientFields client={service} onChange={setService} />
        <Choice label="How the client shows who it is" options={methodOptions} value={method} onChange={choose} />
      </Experiment>
    </Page>
  )
}
