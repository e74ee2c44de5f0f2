import { describe, expect, it } from 'vitest'
import { filterEntries } from './filter-entries.js'
import { logEntry, logField } from './log-entry.fixture.js'

const entries = [
  logEntry('discovery', { title: 'Discovery', url: 'https://id.example.com/.well-known/openid-configuration' }),
  logEntry('token-request', { title: 'Token request', status: 400, received: [logField('error', 'invalid_grant')] }),
]

function titles(text: string, isFailedOnly = false): readonly string[] {
  return filterEntries(entries, { text, isFailedOnly }).map(({ title }) => title)
}

describe('filterEntries()', () => {
  it.each([
    ['', ['Discovery', 'Token request']],
    ['WELL-KNOWN', ['Discovery']],
    ['error=invalid', ['Token request']],
    ['no such text', []],
  ])('finds "%s"', (text, expected) => {
    expect(titles(text)).toEqual(expected)
  })

  it('finds failures', () => {
    expect(titles('', true)).toEqual(['Token request'])
  })
})
