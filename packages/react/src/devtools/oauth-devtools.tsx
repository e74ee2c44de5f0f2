'use client'
import { refuseUnknownOptions, type OptionNames } from '@latchkey/core'
import { useId, useState, type ReactElement } from 'react'
import { IS_DEVELOPMENT } from '../provider/is-development.js'
import { useOAuthContext } from '../provider/oauth-context.js'
import { DEVTOOLS_STYLE } from './devtools-style.js'
import { EventLog } from './event-log.js'
import { MessageTimeline } from './message-timeline.js'
import { SessionView } from './session-view.js'
import { recorderOf } from './with-devtools.js'

/** Configures `<OAuthDevtools>`. */
export interface OAuthDevtoolsProps {
  /** Default: false. */
  readonly initiallyOpen?: boolean | undefined
  /** The nonce of the panel's style element, if the page's Content-Security-Policy requires one. */
  readonly nonce?: string | undefined
}

const PROPS: OptionNames<OAuthDevtoolsProps> = { initiallyOpen: 'boolean', nonce: 'string' }

/**
 * Renders a panel with the provider's sessions, their tokens (masked, decoded on demand), and the protocol messages with the section
 * that specifies each. Its buttons simulate expiry, revocation, lost storage, and a sign-out in another tab. Messages and expiry
 * need options that went through `withDevtools`.
 *
 * For development: not in a bundle unless `@latchkey/react/devtools` is imported.
 *
 * @throws ConfigurationError outside `<OAuthProvider>`
 */
export function OAuthDevtools(props: OAuthDevtoolsProps): ReactElement {
  if (IS_DEVELOPMENT) refuseUnknownOptions('<OAuthDevtools>', props, PROPS)
  const { initiallyOpen = false, nonce } = props
  const { clients } = useOAuthContext()
  const [isOpen, setOpen] = useState(initiallyOpen)
  const [selected, select] = useState('')
  const id = useId()
  const names = Object.keys(clients)
  const name = names.includes(selected) ? selected : (names[0] ?? '')
  const client = clients[name]?.client
  const recorder = client && recorderOf(client)
  return (
    <aside className="lk-devtools" aria-label="Latchkey devtools">
      <style nonce={nonce}>{DEVTOOLS_STYLE}</style>
      <button type="button" aria-expanded={isOpen} aria-controls={id} onClick={() => setOpen(!isOpen)}>
        Latchkey
      </button>
      <div id={id} hidden={!isOpen} className="lk-panel">
        {names.length > 1 && <ClientSelect names={names} selected={name} onSelect={select} />}
        {isOpen && client && (
          <div key={name}>
            <SessionView client={client} />
            {recorder ? (
              <MessageTimeline recorder={recorder} />
            ) : (
              <p>To see protocol messages, pass the client’s options through withDevtools().</p>
            )}
            <EventLog client={client} />
          </div>
        )}
      </div>
    </aside>
  )
}

interface ClientSelectProps {
  readonly names: readonly string[]
  readonly selected: string
  readonly onSelect: (name: string) => void
}

function ClientSelect({ names, selected, onSelect }: ClientSelectProps): ReactElement {
  return (
    <label>
      Client{' '}
      <select value={selected} onChange={(event) => onSelect(event.currentTarget.value)}>
        {names.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </label>
  )
}
