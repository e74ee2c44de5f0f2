import type { LogEntry, LogField, MessageRole } from './log-entry.js'

/** Creates a message of the network log for a test. */
export function logEntry(role: MessageRole, overrides: Partial<LogEntry> = {}): LogEntry {
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

export function logField(name: string, value: string, details: Partial<LogField> = {}): LogField {
  return { name, value, secret: false, ...details }
}
