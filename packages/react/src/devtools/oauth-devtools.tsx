'use client'
import { useId, useState, type ReactElement } from 'react'
import { useOAuthContext } from '../provider/oauth-context.js'
import { DEVTOOLS_STYLE } from './devtools-style.js'
import { EventLog } from './event-log.js'
import { MessageTimeline } from './message-timeline.js'
import { SessionView } from './session-view.js'
import { recorderOf } from './with-devtools.js'

export interface OAuthDevtoolsProps {
  readonly initiallyOpen?: boolean
  /** For the panel's style element, where a Content-Security-Policy asks for one. */
  readonly nonce?: string
}

/**
 * A panel that shows the provider's sessions, their tokens (masked, decoded on demand) and the protocol messages with the section of
 * the specification that each rests on, and does to a session what else takes time or luck: expire, revoke, lose the storage, sign
 * out in another tab. Messages and expiry need options that went through `withDevtools`.
 *
 * For development: it is in a bundle only where `@latchkey/react/devtools` is imported.
 *
 * @throws ConfigurationError outside `<OAuthProvider>`
 */
export function OAuthDevtools({ initiallyOpen = false, nonce }: OAuthDevtoolsProps): ReactElement {
  const { held } = useOAuthContext()
  const [isOpen, setOpen] = useState(initiallyOpen)
  const [chosen, choose] = useState('')
  const id = useId()
  const names = Object.keys(held)
  const name = names.includes(chosen) ? chosen : (names[0] ?? '')
  const client = held[name]?.client
  const recorder = client && recorderOf(client)
  return (
    <aside className="lk-devtools" aria-label="Latchkey devtools">
      <style nonce={nonce}>{DEVTOOLS_STYLE}</style>
      <button type="button" aria-expanded={isOpen} aria-controls={id} onClick={() => setOpen(!isOpen)}>
        Latchkey
      </button>
      <div id={id} hidden={!isOpen} className="lk-panel">
        {names.length > 1 && <ClientChoice names={names} chosen={name} onChoose={choose} />}
        {isOpen && client && (
          <div key={name}>
            <SessionView client={client} />
            {recorder ? (
              <MessageTimeline recorder={recorder} />
            ) : (
              <p>Protocol messages: pass the client’s options through withDevtools().</p>
            )}
            <EventLog client={client} />
          </div>
        )}
      </div>
    </aside>
  )
}

interface ClientChoiceProps {
  readonly names: readonly string[]
  readonly chosen: string
  readonly onChoose: (name: string) => void
}

function ClientChoice({ names, chosen, onChoose }: ClientChoiceProps): ReactElement {
  return (
    <label>
      Client{' '}
      <select value={chosen} onChange={(event) => onChoose(event.currentTarget.value)}>
        {names.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </label>
  )
}
