'use client'
import type { OAuthClient, OAuthClientError, TokenSet } from '@latchkey/core'
import { documentationUrl } from '@latchkey/core/internals'
import type { ReactElement } from 'react'
import { useSessionState } from '../hooks/use-session-state.js'
import { ActionButtons } from './action-buttons.js'
import { TokenView } from './token-view.js'
import { useNow } from './use-now.js'
import { recorderOf } from './with-devtools.js'

/** The state of one client's session, its tokens, and the actions on it. */
export function SessionView({ client }: { readonly client: OAuthClient<unknown> }): ReactElement {
  const state = useSessionState(client, (whole) => whole)
  const [now, updateNow] = useNow(client)
  const { issuer, server, clientId } = client.options
  return (
    <section aria-label="Session">
      <h2>Session</h2>
      <dl>
        <dt>Status</dt>
        <dd>
          {state.status}, {state.activity}
        </dd>
        <dt>Client</dt>
        <dd>
          {clientId} at {issuer ?? server?.issuer}
        </dd>
        {state.tokenSet && <Tokens tokenSet={state.tokenSet} now={now} />}
      </dl>
      {state.error && <Failure error={state.error} />}
      <ActionButtons client={client} recorder={recorderOf(client)} onDone={updateNow} />
    </section>
  )
}

interface TokensProps {
  readonly tokenSet: TokenSet
  readonly now: number
}

function Tokens({ tokenSet, now }: TokensProps): ReactElement {
  const { claims, accessToken, tokenType, scope, expiresAt, refreshToken, idToken, byResource = {} } = tokenSet
  return (
    <>
      <dt>User</dt>
      <dd>{claims?.sub ?? 'unknown (no ID token)'}</dd>
      <dt>Scope</dt>
      <dd>{scope}</dd>
      <TokenView name={`access token (${tokenType})`} token={accessToken} note={expiry(expiresAt, now)} />
      <TokenView name="refresh token" token={refreshToken} />
      <TokenView name="ID token" token={idToken} />
      {Object.entries(byResource).map(([resource, token]) => (
        <TokenView
          key={resource}
          name={`access token for ${resource}`}
          token={token.accessToken}
          note={expiry(token.expiresAt, now)}
        />
      ))}
    </>
  )
}

function Failure({ error }: { readonly error: OAuthClientError }): ReactElement {
  return (
    <p className="lk-failure">
      <a href={documentationUrl(error.code)} target="_blank" rel="noreferrer">
        {error.code}
      </a>
      : {error.message} {error.spec && `(${error.spec})`}
    </p>
  )
}

function expiry(expiresAt: number | undefined, now: number): string {
  if (expiresAt === undefined) return 'no expiry stated'
  const seconds = Math.round(expiresAt - now / 1000)
  return seconds > 0 ? `expires in ${Math.floor(seconds / 60)} min ${seconds % 60} s` : 'expired'
}
