import { expectTypeOf, test } from 'vitest'
import type { ErrorCode, NetworkErrorCode } from './error-codes.js'
import { type AnyOAuthClientError, type NetworkError, OAuthClientError } from './errors.js'

test('instanceof narrows an unknown error, and its code stays typed', () => {
  const error: unknown = undefined
  if (error instanceof OAuthClientError) expectTypeOf(error.code).toEqualTypeOf<ErrorCode>()
})

test('a switch on the code narrows to the class', () => {
  const error = {} as AnyOAuthClientError
  if (error.code === 'timeout') expectTypeOf(error).toEqualTypeOf<NetworkError>()
  if (error.name === 'NetworkError') expectTypeOf(error.code).toEqualTypeOf<NetworkErrorCode>()
})
