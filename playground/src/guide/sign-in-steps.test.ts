import { describe, expect, it } from 'vitest'
import type { LogEntry, MessageRole } from '../network-log/log-entry.js'
import { signInProgress } from './sign-in-steps.js'

function entry(role: MessageRole, overrides: Partial<LogEntry> = {}): LogEntry {
  const kind = role === 'authorization-request' ? 'navigation' : role === 'authorization-response' ? 'callback' : 'request'
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
    ...overrides,
  }
}

const [discovery, request, response, tokenRequest] = [
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
    ['no message', [], '........'],
    ['a redirect to the server', [discovery, request], '+++.....'],
    ['a callback with a code', [discovery, request, response], '+++++...'],
    ['a pending token request', [discovery, request, response, { ...tokenRequest, status: undefined }], '+++++...'],
    ['an unreachable server', [entry('discovery', { failure: 'no network' })], 'x.......'],
    [
      'a user who denied the request',
      [
        discovery,
        request,
        entry('authorization-response', { received: [{ name: 'error', value: 'access_denied', secret: false }] }),
      ],
      '+++.x...',
    ],
    ['a rejected code', [discovery, request, response, entry('token-request', { status: 400 })], '+++++x..'],
    ['a rejected ID token', [discovery, request, response, tokenRequest], '++++++..'],
    ['a sign-out after the sign-in', [discovery, request, response, tokenRequest, entry('end-session')], '........'],
    [
      'a second attempt with an unreachable server',
      [discovery, request, response, entry('discovery', { failure: 'no network' })],
      'x.......',
    ],
  ] as readonly (readonly [string, readonly LogEntry[], string])[])('shows %s', (_, entries, expected) => {
    expect(states(entries)).toBe(expected)
  })

  it('shows every step as done when a user is signed in', () => {
    expect(states([discovery, request, response, tokenRequest], true)).toBe('++++++++')
  })

  it('shows a cached discovery as done, and ignores the discovery of another server', () => {
    expect(states([request, response])).toBe('+++++...')
    const progress = signInProgress([entry('discovery', { url: 'https://other.example.com/' }), request], false)
    expect(progress[0]?.entry).toBeUndefined()
  })
})
