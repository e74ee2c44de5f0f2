'use client'
import { useState, type ReactElement } from 'react'
import { CheckList, summaryOf } from './check-list.js'
import { toCurl, toHttp } from './message-text.js'
import type { Fields, ProtocolMessage } from './protocol-message.js'

/** One message. Its fields, and the checks of its ID token, are shown on demand. */
export function MessageView({ message }: { readonly message: ProtocolMessage }): ReactElement {
  const { at, title, spec, method, url, headers = {}, sent, status, milliseconds, received = {}, checks = [] } = message
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
      <CopyButtons message={message} />
      {checks.length > 0 && <CheckList checks={checks} caption={`Checks of the ID token: ${summaryOf(checks)}`} />}
      <FieldTable caption="Headers" fields={headers} />
      <FieldTable caption="Sent" fields={sent} />
      <FieldTable caption="Received" fields={received} />
    </details>
  )
}

function CopyButtons({ message }: { readonly message: ProtocolMessage }): ReactElement {
  const [outcome, setOutcome] = useState('')
  const copy = async (text: string): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text)
      setOutcome('Copied.')
    } catch {
      setOutcome('The browser does not allow copying.')
    }
  }
  return (
    <div className="lk-tools">
      <button type="button" onClick={() => void copy(toCurl(message))}>
        Copy as curl
      </button>
      <button type="button" onClick={() => void copy(toHttp(message))}>
        Copy as HTTP
      </button>
      <span aria-live="polite">{outcome}</span>
    </div>
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
