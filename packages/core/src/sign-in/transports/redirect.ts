import type { Environment } from '../../platform/environment.js'
import { unsupportedHere } from './unsupported-here.js'
import type { Transport } from './transport.js'

/** The page itself goes to the authorization server and comes back as a new page. */
export function redirectTransport(environment: Environment): Transport {
  return {
    name: 'redirect',
    prepare() {
      const page = environment.window
      if (!page) throw unsupportedHere('redirect')
      return {
        navigate({ url }) {
          page.location.assign(url)
          // This page is leaving. It is only seen again when the browser takes it out of the back/forward cache.
          return new Promise((resolve) => {
            page.addEventListener('pageshow', (event) => event.persisted && resolve(undefined), { once: true })
          })
        },
        cancel: () => undefined,
      }
    },
  }
}
