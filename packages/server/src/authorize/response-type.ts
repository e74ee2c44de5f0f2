import { words } from './authorization-request.js'

/** @returns a response type with its words in alphabetical order: their order has no meaning (RFC 6749, section 3.1.1) */
export function orderedResponseType(responseType: string | undefined): string {
  return words(responseType).toSorted().join(' ')
}
