'use client'
import type { OAuthClient, TokenSet } from '@latchkey/core'
import { useEffect, useState, type ReactElement } from 'react'
import { useSessionState } from '../hooks/use-session-state.js'
import { CheckList, summaryOf } from './check-list.js'
import { claimText, meaningOf } from './claim-meanings.js'
import type { IdTokenCheck } from './id-token-checks.js'
import { IdTokenWatch } from './id-token-watch.js'
import type { ProtocolMessage } from './protocol-message.js'
import type { Recorder } from './recorder.js'
import { useMessages } from './use-messages.js'

interface IdTokenViewProps {
  readonly client: OAuthClient<unknown>
  readonly recorder: Recorder | undefined
}

/** The checks of the latest ID token, accepted or refused, and the claims of the session with their meaning. */
export function IdTokenView({ client, recorder }: IdTokenViewProps): ReactElement {
  const tokenSet = useSessionState(client, (state) => state.tokenSet)
  const latest = useMessages(recorder).findLast(({ checks }) => checks !== undefined)
  const ofSession = useSessionChecks(client, recorder, tokenSet)
  const checks = latest?.checks ?? ofSession
  const claims = Object.entries(tokenSet?.claims ?? {})
  return (
    <section aria-label="ID token">
      <h2>ID token</h2>
      {checks.length === 0 && <p className="lk-note">None yet. A sign-in with the scope “openid” returns one.</p>}
      {checks.length > 0 && <CheckList checks={checks} caption={`${sourceOf(latest)}: ${summaryOf(checks)}`} />}
      {claims.length > 0 && (
        <table className="lk-claims">
          <caption>Claims of the session</caption>
          <tbody>
            {claims.map(([name, value]) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>
                  {name === 'nonce' ? '(not shown)' : claimText(name, value)}
                  <small>{meaningOf(name)}</small>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}

function sourceOf(message: ProtocolMessage | undefined): string {
  return message ? `Received at ${new Date(message.at).toLocaleTimeString()}` : 'Of the stored session'
}

/** The ID token of a session that was stored earlier: no message of this tab contains it. */
function useSessionChecks(
  client: OAuthClient<unknown>,
  recorder: Recorder | undefined,
  tokenSet: TokenSet | undefined,
): readonly IdTokenCheck[] {
  const [checks, setChecks] = useState<readonly IdTokenCheck[]>([])
  useEffect(() => {
    let isCurrent = true
    const watch = recorder?.idTokens ?? watchOf(client)
    const show = (result: readonly IdTokenCheck[]): void => void (isCurrent && setChecks(result))
    // An opaque or missing ID token has no checks.
    ;(tokenSet ? watch.checkSession(tokenSet) : Promise.resolve([])).then(show, () => show([]))
    return () => {
      isCurrent = false
    }
  }, [client, recorder, tokenSet])
  return checks
}

const NOTHING = { messages: [], endpoints: {}, requests: [], simulations: [] }

/** For a client whose messages are not recorded. */
function watchOf(client: OAuthClient<unknown>): IdTokenWatch {
  const { options } = client
  const watch = new IdTokenWatch(options, {
    recording: () => NOTHING,
    save: () => undefined,
    now: () => options.now?.() ?? Date.now(),
  })
  watch.attach(client)
  return watch
}
