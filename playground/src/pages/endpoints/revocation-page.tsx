import { Text } from '@mantine/core'
import type { OAuthClient, TokenSet } from '@latchkey/core'
import type { ReactNode } from 'react'
import { ApiCall } from '../../api/api-call.js'
import { revocationCode } from '../../code/hook-samples.js'
import { Experiment } from '../../experiments/experiment.js'
import { useExperiment } from '../../experiments/use-experiment.js'
import { signInByPopup, useExperimentClient } from '../../experiments/use-experiment-client.js'
import type { FaultId } from '../../faults/faults.js'
import { useFault } from '../../faults/use-fault.js'
import { experimentFetch } from '../../network-log/logging-fetch.js'
import { revokeStory } from '../../story/stories/token-stories.js'
import { Choice } from '../../ui/choice.js'
import { ErrorAlert, errorTitle } from '../../ui/error-alert.js'
import { Page } from '../../ui/page.js'
import { usePageState } from '../../ui/use-page-state.js'

const tokens = [
  { value: 'refresh', label: 'Refresh token', about: 'Ends the session at the server: no further access token.' },
  { value: 'access', label: 'Access token', about: 'The refresh token stays valid.' },
] as const

type RevokedToken = (typeof tokens)[number]['value']
const defaults: { readonly token: RevokedToken } = { token: 'refresh' }
const choices = { token: tokens.map(({ value }) => value) }
const faultIds: readonly FaultId[] = ['revocation-down', 'revocation-cors']

/** What a revocation has led to. */
interface Revoked {
  readonly tokenSet: TokenSet
  /** Why the refresh after the revocation has failed; undefined if it succeeded. */
  readonly refreshError: unknown
}

export function RevocationPage(): ReactNode {
  const [{ token }, change] = usePageState(defaults, choices)
  const faults = useFault(faultIds)
  const createClient = useExperimentClient(faults.fault)
  const experiment = useExperiment<Revoked>()
  const work = async (): Promise<Revoked> => {
    const client = createClient()
    const tokenSet = await signInByPopup(client)
    await client.revoke(token === 'access' ? tokenSet.accessToken : undefined)
    return { tokenSet, refreshError: await errorOfRefresh(client) }
  }
  return (
    <Page
      title="Revocation"
      lead="A token that is no longer needed, or that may have been stolen, can be ended before it expires. Signing out does it automatically; an app can also do it for one token."
      specs={['RFC 7009, section 2.1', 'RFC 7009, section 3']}
    >
      <Experiment
        verdict="Needs server support"
        advice="This page signs in, revokes the token, and then tries to refresh. Your session is not affected."
        action="Sign in by popup and revoke"
        experiment={experiment}
        work={work}
        View={RevokedView}
        story={revokeStory}
        faults={faults}
        code={revocationCode(token)}
      >
        <Choice label="Token to revoke" options={tokens} value={token} onChange={(next) => change({ token: next })} />
      </Experiment>
    </Page>
  )
}

async function errorOfRefresh(client: OAuthClient): Promise<unknown> {
  try {
    await client.refresh()
    return undefined
  } catch (error) {
    return error
  }
}

function RevokedView({ result: { tokenSet, refreshError } }: { readonly result: Revoked }): ReactNode {
  const send = (url: string, init: RequestInit): Promise<Response> =>
    experimentFetch(url, { ...init, headers: { authorization: `Bearer ${tokenSet.accessToken}` } })
  return (
    <>
      {refreshError === undefined ? (
        <Text size="sm">The token is revoked. The refresh succeeded: the session goes on with a new access token.</Text>
      ) : (
        <>
          <Text size="sm">The token is revoked. The refresh failed, as it should:</Text>
          <ErrorAlert error={refreshError} title={errorTitle(refreshError)} />
        </>
      )}
      <Text size="sm">
        The first access token is a JSON Web Token. The playground’s API verifies it by itself and accepts it until it expires.
        That is why access tokens must expire soon.
      </Text>
      <ApiCall label="Call /api/me with the first access token" url="/api/me" send={send} isPrimary />
    </>
  )
}
