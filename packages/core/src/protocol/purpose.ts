import type { ErrorCode } from '../errors/error-codes.js'

/** Describes a request: for messages, and for the codes of its errors. */
export interface Purpose {
  /** As it reads in a message: `token endpoint`. */
  readonly name: string
  /** Code for a response that breaks the specification. */
  readonly invalid: ErrorCode
  /** Code for a response with `error`. */
  readonly refused: ErrorCode
  readonly spec: string
  /** Required media type of the response, if the specification requires one. */
  readonly mediaType?: RegExp | undefined
  /** Name of the compliance hook that can correct the response. Default: `tokenResponse`. */
  readonly hook?: 'tokenResponse' | 'refreshTokenResponse' | undefined
}

export const TOKEN_ENDPOINT: Purpose = {
  name: 'token endpoint',
  invalid: 'invalid_response',
  refused: 'token_error',
  spec: 'RFC 6749, section 5.1',
  mediaType: /^application\/(?:[\w.-]+\+)?json\b/i,
}
