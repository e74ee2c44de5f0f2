'use client'
import { useState, type ReactElement } from 'react'
import { attemptsOf, hasFailed, matches, type Attempt } from './attempts.js'
import { MessageView } from './message-view.js'
import type { Recorder } from './recorder.js'
import { useMessages } from './use-messages.js'

/** The protocol messages of this tab by attempt, newest first. */
export function MessageTimeline({ recorder }: { readonly recorder: Recorder }): ReactElement {
  const messages = useMessages(recorder)
  const [text, setText] = useState('')
  const [isFailedOnly, setFailedOnly] = useState(false)
  const isShown = (message: Attempt['messages'][number]): boolean =>
    matches(message, text) && (!isFailedOnly || hasFailed(message))
  const attempts = attemptsOf(messages)
    .map((attempt) => ({ attempt, shown: attempt.messages.filter(isShown) }))
    .filter(({ shown }) => shown.length > 0)
  return (
    <section aria-label="Protocol messages">
      <h2>Protocol messages</h2>
      <div className="lk-tools">
        <input
          type="search"
          aria-label="Filter messages"
          placeholder="Filter: token, 400, invalid_grant …"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <label>
          <input type="checkbox" checked={isFailedOnly} onChange={(event) => setFailedOnly(event.currentTarget.checked)} />{' '}
          Failures only
        </label>
        <button type="button" onClick={() => recorder.clear()}>
          Clear
        </button>
      </div>
      {messages.length === 0 && <p className="lk-note">None yet. Restoring a stored session sends no request.</p>}
      {messages.length > 0 && attempts.length === 0 && <p className="lk-note">No message matches the filter.</p>}
      {attempts.toReversed().map(({ attempt, shown }) => (
        <AttemptView key={attempt.id} attempt={attempt} shown={shown} />
      ))}
    </section>
  )
}

const MARKS = { succeeded: '✓', failed: '✗', unfinished: '…' } as const

function AttemptView({ attempt, shown }: { readonly attempt: Attempt; readonly shown: Attempt['messages'] }): ReactElement {
  const { title, at, outcome } = attempt
  return (
    <div className="lk-attempt" data-outcome={outcome}>
      <h3>
        <span className="lk-mark" aria-hidden="true">
          {MARKS[outcome]}
        </span>{' '}
        {title} <small>{`${outcome} · ${new Date(at).toLocaleTimeString()}`}</small>
      </h3>
      <ol reversed>
        {shown.toReversed().map((message) => (
          <li key={message.id}>
            <MessageView message={message} />
          </li>
        ))}
      </ol>
    </div>
  )
}
