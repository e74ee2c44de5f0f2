'use client'
import type { OAuthClient, SessionState } from '@latchkey/core'
import type { ReactElement } from 'react'
import { useSessionState } from '../hooks/use-session-state.js'
import { useNow } from './use-now.js'

/** Who is signed in, and how long the access token is valid. */
export function SessionPill({ client }: { readonly client: OAuthClient<unknown> }): ReactElement {
  const state = useSessionState(client, (whole) => whole)
  const [now] = useNow(client)
  const { text, mood } = describe(state, now)
  return (
    <span className="lk-pill" data-mood={mood} title="The session, and the time until the access token expires">
      <span className="lk-dot" aria-hidden="true" />
      {text}
    </span>
  )
}

interface Description {
  readonly text: string
  readonly mood: 'good' | 'busy' | 'bad' | 'none'
}

function describe({ status, activity, error, tokenSet }: SessionState<unknown>, now: number): Description {
  if (activity !== 'idle') return { text: `${activity.replace('-', ' ')} …`, mood: 'busy' }
  if (status === 'restoring') return { text: 'restoring …', mood: 'busy' }
  if (status === 'signed-out')
    return error ? { text: `failed: ${error.code}`, mood: 'bad' } : { text: 'signed out', mood: 'none' }
  const { sub = 'signed in', name } = tokenSet?.claims ?? {}
  const user = name ?? sub
  if (tokenSet?.expiresAt === undefined) return { text: `${user} · no expiry`, mood: 'good' }
  const seconds = Math.round(tokenSet.expiresAt - now / 1000)
  return seconds > 0
    ? { text: `${user} · ${countdown(seconds)}`, mood: 'good' }
    : { text: `${user} · token expired`, mood: 'bad' }
}

/** @returns hours, minutes and seconds: `59:03` */
export function countdown(seconds: number): string {
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  const shown = parts[0] === 0 ? parts.slice(1) : parts
  return shown.map((part, index) => (index === 0 ? String(part) : String(part).padStart(2, '0'))).join(':')
}
