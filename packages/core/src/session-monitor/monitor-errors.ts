import { createError } from '../errors/create-error.js'
import type { ConfigurationError, InteractionError, ValidationError } from '../errors/errors.js'

const SPEC = 'OpenID Connect Session Management 1.0, section 3'

// Reasons why a session cannot be monitored.

export function noSessionState(): ConfigurationError {
  return createError('unsupported', 'The authorization response has no "session_state", so the session cannot be monitored.', {
    hint: 'Turn session management on for this client at the server, then sign in again.',
    spec: 'OpenID Connect Session Management 1.0, section 2',
  })
}

export function noResponse(messages: number): InteractionError {
  return createError('iframe_blocked', `The server's session frame did not respond to ${messages} messages in a row.`, {
    hint: 'Allow the server in "frame-src" of the app’s Content Security Policy, and the app in "frame-ancestors" of the server’s.',
    spec: SPEC,
  })
}

export function errorStatus(): ValidationError {
  return createError('invalid_response', 'The server’s session frame responded "error".', {
    hint: 'The frame does not know this client ID, origin or session_state: check the client’s registration.',
    spec: 'OpenID Connect Session Management 1.0, section 3.2',
  })
}
