'use client'
import type { ClientEvents, OAuthClient } from '@latchkey/core'
import { useEffect, useState, type ReactElement } from 'react'

interface Entry {
  readonly at: number
  readonly text: string
}

const MAX_ENTRIES = 100
/** Describes each event without secrets. */
const DESCRIBE: { readonly [Name in keyof ClientEvents]: (event: ClientEvents[Name]) => string } = {
  'signed-in': ({ returnTo }) => `continues at ${returnTo}`,
  'signed-out': ({ reason, error }) => [reason, error?.code].filter(Boolean).join(' '),
  'user-changed': ({ formerSubject, subject }) => `${formerSubject} to ${subject}`,
  'token-set': ({ reason }) => reason,
  'refresh-failed': ({ error }) => error.code,
  'storage-degraded': ({ error }) => error.message,
  'callback-ignored': ({ reason }) => reason,
  error: ({ error }) => error.code,
}

/** The events and state changes of the client since the panel was opened. */
export function EventLog({ client }: { readonly client: OAuthClient<unknown> }): ReactElement {
  const entries = useEntries(client)
  return (
    <section aria-label="Events">
      <h2>Events</h2>
      {entries.length === 0 && <p>None since the panel was opened.</p>}
      <ol reversed>
        {entries.toReversed().map(({ at, text }, index) => (
          <li key={entries.length - index}>
            <time dateTime={new Date(at).toISOString()}>{new Date(at).toLocaleTimeString()}</time> {text}
          </li>
        ))}
      </ol>
    </section>
  )
}

function useEntries(client: OAuthClient<unknown>): readonly Entry[] {
  const [entries, setEntries] = useState<readonly Entry[]>([])
  useEffect(() => {
    let shown = ''
    const add = (text: string): void => setEntries((current) => [...current, { at: Date.now(), text }].slice(-MAX_ENTRIES))
    const listen = (name: keyof ClientEvents): (() => void) =>
      client.on(name, (event) => add(`${name}: ${DESCRIBE[name](event as never)}`))
    const addState = (): void => {
      const { status, activity } = client.getSnapshot()
      const next = `state: ${status}, ${activity}`
      if (next !== shown) add(next)
      shown = next
    }
    const names = Object.keys(DESCRIBE) as Array<keyof ClientEvents>
    const unsubscribers = [...names.map(listen), client.subscribe(addState)]
    return () => unsubscribers.forEach((unsubscribe) => unsubscribe())
  }, [client])
  return entries
}
