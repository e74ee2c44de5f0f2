import { describe, expect, it } from 'vitest'
import { groupByAttempt } from './attempts.js'
import type { LogEntry, MessageRole } from './log-entry.js'
import { logEntry } from './log-entry.fixture.js'

function groups(entries: readonly LogEntry[]): readonly string[] {
  return groupByAttempt(entries).map(({ title, entries: own }) => `${title}: ${own.map(({ role }) => role).join(' ')}`)
}

const signIn = (['discovery', 'keys', 'authorization-request', 'authorization-response', 'token-request'] as const).map((role) =>
  logEntry(role),
)

function inRun(run: number, runTitle: string, ...roles: readonly MessageRole[]): readonly LogEntry[] {
  return roles.map((role) => logEntry(role, { source: 'experiment', run, runTitle }))
}

describe('groupByAttempt()', () => {
  it('puts the messages of a sign-in together, and starts a new group for the next one', () => {
    expect(groups([...signIn, logEntry('authorization-request'), logEntry('authorization-response')])).toEqual([
      'Sign-in: discovery keys authorization-request authorization-response token-request',
      'Sign-in: authorization-request authorization-response',
    ])
  })

  it('leaves requests that belong to no sign-in by themselves', () => {
    expect(groups([...signIn, logEntry('api'), logEntry('refresh-request'), logEntry('api')]).slice(1)).toEqual([
      'api: api',
      'refresh-request: refresh-request',
      'api: api',
    ])
  })

  it('keeps each run of an experiment together, whatever comes between', () => {
    const [first, ...rest] = inRun(1, 'Pushed requests (PAR)', 'pushed-request', 'token-request', 'api')
    expect(groups([first as LogEntry, logEntry('api'), ...rest, ...inRun(2, 'Device grant', 'device-authorization')])).toEqual([
      'Pushed requests (PAR): pushed-request token-request api',
      'api: api',
      'Device grant: device-authorization',
    ])
  })
})
