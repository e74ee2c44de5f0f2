import { allowInsecureRequests } from 'oauth4webapi'
import { allowsPlainHttp } from '../platform/allows-plain-http.js'
import { isLoopback } from '../platform/is-loopback.js'
import type { SecureUrlRules } from './endpoint-url.js'

/** The option of oauth4webapi that allows plain http. */
export function transportSecurity(url: URL, options: SecureUrlRules['options']): { readonly [allowInsecureRequests]: boolean } {
  return { [allowInsecureRequests]: isLoopback(url) || allowsPlainHttp(url, options.allowPlainHttp) }
}
