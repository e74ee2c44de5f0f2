import { Text } from '@mantine/core'
import type { OAuthClient, TokenSet } from '@latchkey/core'
import type { ReactNode } from 'react'
import { ApiCall } from '../../api/api-call.js'
import { Experiment } from '../../experiments/experiment.js'
import { TokenSetView } from '../../experiments/token-set-view.js'
import { useExperiment } from '../../experiments/use-experiment.js'
import { signInByPopup, useExperimentClient } from '../../experiments/use-experiment-client.js'
import { Page } from '../../ui/page.js'
import { experimentFetch } from '../../network-log/logging-fetch.js'

interface Bound {
  readonly client: OAuthClient
  readonly tokenSet: TokenSet
}

export function BoundTokensPage(): ReactNode {
  const createClient = useExperimentClient()
  const lab = useExperiment<Bound>()
  const work = async (): Promise<Bound> => {
    const client = createClient({ dpop: true })
    return { client, tokenSet: await signInByPopup(client) }
  }
  return (
    <Page
      title="Bound tokens (DPoP)"
      lead="The browser makes a key that cannot be copied out of it, and the server binds the tokens to that key. Every request then carries a proof, signed for just this request. A stolen token is worth nothing elsewhere."
      specs={['RFC 9449, section 4', 'RFC 9449, section 7']}
    >
      <Experiment
        verdict="where the server has it"
        advice="The best protection of tokens that a page can have. The API has to check the proofs."
        action="Sign in by popup"
        lab={lab}
        work={work}
        View={BoundResult}
      />
    </Page>
  )
}

function BoundResult({ result }: { readonly result: Bound }): ReactNode {
  const { client, tokenSet } = result
  const withoutProof = (input: string, init: RequestInit): Promise<Response> =>
    experimentFetch(input, { ...init, headers: { authorization: `Bearer ${tokenSet.accessToken}` } })
  return (
    <>
      <Text size="sm">The same token, with the proof and, as a thief would have it, without:</Text>
      <ApiCall label="Call /api/me with a proof" url="/api/me" send={(input, init) => client.fetch(input, init)} isPrimary />
      <ApiCall label="Call /api/me without one" url="/api/me" send={withoutProof} />
      <TokenSetView result={tokenSet} />
    </>
  )
}
