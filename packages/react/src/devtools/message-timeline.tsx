'use client'
import { useCallback, useSyncExternalStore, type ReactElement } from 'react'
import type { Fields, ProtocolMessage } from './protocol-message.js'
import type { Recorder } from './recorder.js'

/** The protocol messages of this tab, newest first. */
export function MessageTimeline({ recorder }: { readonly recorder: Recorder }): ReactElement {
  const subscribe = useCallback((listener: () => void) => recorder.subscribe(listener), [recorder])
  const read = (): readonly ProtocolMessage[] => recorder.messages
  const messages = useSyncExternalStore(subscribe, read, read)
  return (
    <section aria-label="Protocol messages">
      <h2>Protocol messages</h2>
      <button type="button" onClick={() => recorder.clear()}>
        Clear
      </button>
      {messages.length === 0 && <p>None yet. Restoring a stored session sends no request.</p>}
      <ol reversed>
        {messages.toReversed().map((message) => (
          <li key={message.id}>
            <Message message={message} />
          </li>
        ))}
      </ol>
    </section>
  )
}

function Message({ message }: { readonly message: ProtocolMessage }): ReactElement {
  const { at, title, spec, method, url, sent, status, milliseconds, received = {} } = message
  return (
    <details>
      <summary>
        <time dateTime={new Date(at).toISOString()}>{new Date(at).toLocaleTimeString()}</time> {title}{' '}
        {status !== undefined && <span className={status < 400 ? 'lk-good' : 'lk-bad'}>{status}</span>}{' '}
        {milliseconds !== undefined && `${milliseconds} ms`} <small>{spec}</small>
      </summary>
      <p>
        <code>
          {method} {url}
        </code>
      </p>
      <FieldTable caption="Sent" fields={sent} />
      <FieldTable caption="Received" fields={received} />
    </details>
  )
}

function FieldTable({ caption, fields }: { readonly caption: string; readonly fields: Fields }): ReactElement | null {
  const entries = Object.entries(fields)
  if (entries.length === 0) return null
  return (
    <table>
      <caption>{caption}</caption>
      <tbody>
        {entries.map(([name, value]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>{value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
