import { words } from '../token/scope.js'

/** Returns a response type with its words in alphabetical order: the order has no meaning (RFC 6749, section 3.1.1). */
export function orderedResponseType(responseType: string | undefined): string {
  return words(responseType).toSorted().join(' ')
}
