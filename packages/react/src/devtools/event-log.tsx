'use client'
import type { ClientEvents, OAuthClient } from '@latchkey/core'
import { useEffect, useState, type ReactElement } from 'react'

interface Entry {
  readonly at: number
  readonly text: string
}

const MOST = 100
/** What is told of each event: nothing secret. */
const DESCRIBE: { readonly [Name in keyof ClientEvents]: (event: ClientEvents[Name]) => string } = {
  'signed-in': ({ returnTo }) => `goes on at ${returnTo}`,
  'signed-out': ({ reason, error }) => [reason, error?.code].filter(Boolean).join(' '),
  'user-changed': ({ formerSubject, subject }) => `${formerSubject} to ${subject}`,
  'token-set': ({ reason }) => reason,
  'refresh-failed': ({ error }) => error.code,
  'storage-degraded': ({ error }) => error.message,
  'callback-ignored': ({ reason }) => reason,
  error: ({ error }) => error.code,
}

/** What the client has told since the panel was opened, and how its state changed. */
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
    const add = (text: string): void => setEntries((former) => [...former, { at: Date.now(), text }].slice(-MOST))
    const listen = (name: keyof ClientEvents): (() => void) =>
      client.on(name, (event) => add(`${name}: ${DESCRIBE[name](event as never)}`))
    const showState = (): void => {
      const { status, activity } = client.getSnapshot()
      const next = `state: ${status}, ${activity}`
      if (next !== shown) add(next)
      shown = next
    }
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of an object literal
    const stops = [...(Object.keys(DESCRIBE) as Array<keyof ClientEvents>).map(listen), client.subscribe(showState)]
    return () => stops.forEach((stop) => stop())
  }, [client])
  return entries
}
