import { describe, expect, it } from 'vitest'
import { logEntry } from './log-entry.fixture.js'
import { isLogEntry } from './log-entry.js'

describe('isLogEntry()', () => {
  it('accepts an entry', () => {
    expect(isLogEntry(logEntry('token-request'))).toBe(true)
  })

  it.each(['role', 'title', 'url', 'sent', 'received', 'id', 'at'])('rejects an entry whose "%s" is missing', (name) => {
    expect(isLogEntry({ ...logEntry('token-request'), [name]: undefined })).toBe(false)
  })

  it.each([null, 'text', 7, []])('rejects %j', (value) => {
    expect(isLogEntry(value)).toBe(false)
  })
})
