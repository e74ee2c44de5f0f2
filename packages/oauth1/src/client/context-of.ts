import type { Environment, Logger } from '@latchkey/core'
import { explain, warningLogger } from '@latchkey/core/internals'
import { loadRare } from './lazy-rare.js'
import type { OAuth1ClientOptions } from './oauth1-client-options.js'
import type { OAuth1Config } from './resolve-options.js'

/** With what every request is sent. */
export interface SendingContext {
  readonly environment: Environment
  readonly explain: typeof explain
  readonly logger: Logger
  /** None of them is an option of core's `fetch`. */
  readonly options: Pick<OAuth1ClientOptions, 'timeout'> & { readonly dpop?: undefined }
}

/** @returns the context of a request, whose `fetch` goes to the proxy of the options */
export async function contextOf({ options, base: { environment } }: OAuth1Config): Promise<SendingContext> {
  return {
    environment: options.proxy ? (await loadRare()).proxied(options, environment) : environment,
    explain,
    logger: options.logger ?? warningLogger,
    options,
  }
}
