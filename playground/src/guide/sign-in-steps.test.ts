import { describe, expect, it } from 'vitest'
import type { LogEntry, MessageRole } from '../network-log/log-entry.js'
import { signInProgress } from './sign-in-steps.js'

function entry(role: MessageRole, more: Partial<LogEntry> = {}): LogEntry {
  const kind = role === 'authorization-request' ? 'departure' : role === 'authorization-response' ? 'arrival' : 'request'
  const url = 'https://id.example.com/x'
  return {
    id: 1,
    at: 0,
    kind,
    source: 'app',
    role,
    title: role,
    spec: '',
    method: 'GET',
    url,
    sent: [],
    received: [],
    ...(kind === 'request' && { status: 200 }),
    ...more,
  }
}

const [discovery, departure, arrival, tokenRequest] = [
  entry('discovery'),
  entry('authorization-request'),
  entry('authorization-response'),
  entry('token-request'),
]

function states(entries: readonly LogEntry[], isSignedIn = false): string {
  return signInProgress(entries, isSignedIn)
    .map(({ state }) => ({ done: '+', failed: 'x', open: '.' })[state])
    .join('')
}

describe('signInProgress()', () => {
  it.each([
    ['nothing yet', [], '........'],
    ['a page that was left', [discovery, departure], '+++.....'],
    ['a code that came back', [discovery, departure, arrival], '+++++...'],
    ['a token request under way', [discovery, departure, arrival, { ...tokenRequest, status: undefined }], '+++++...'],
    ['a server out of reach', [entry('discovery', { failure: 'no network' })], 'x.......'],
    [
      'a person who refused',
      [
        discovery,
        departure,
        entry('authorization-response', { received: [{ name: 'error', value: 'access_denied', secret: false }] }),
      ],
      '+++.x...',
    ],
    ['a code that was refused', [discovery, departure, arrival, entry('token-request', { status: 400 })], '+++++x..'],
    ['an ID token that was refused', [discovery, departure, arrival, tokenRequest], '++++++..'],
    ['a sign-out afterwards', [discovery, departure, arrival, tokenRequest, entry('end-session')], '........'],
    [
      'a second attempt at a server out of reach',
      [discovery, departure, arrival, entry('discovery', { failure: 'no network' })],
      'x.......',
    ],
  ] as readonly (readonly [string, readonly LogEntry[], string])[])('shows %s', (_, entries, expected) => {
    expect(states(entries)).toBe(expected)
  })

  it('counts every step as done when somebody is signed in', () => {
    expect(states([discovery, departure, arrival, tokenRequest], true)).toBe('++++++++')
  })

  it('takes a discovery that was remembered as done, and another server’s as not seen', () => {
    expect(states([departure, arrival])).toBe('+++++...')
    const progress = signInProgress([entry('discovery', { url: 'https://other.example.com/' }), departure], false)
    expect(progress[0]?.entry).toBeUndefined()
  })
})
