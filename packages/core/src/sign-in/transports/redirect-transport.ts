import type { Environment } from '../../platform/environment.js'
import { unsupportedHere } from './unsupported-here.js'
import type { Transport } from './transport.js'

/** Navigates this page; the response is in the URL of a new page. */
export function redirectTransport(environment: Environment): Transport {
  return {
    name: 'redirect',
    prepare() {
      const page = environment.window
      if (!page) throw unsupportedHere('redirect')
      return {
        navigate({ url }) {
          page.location.assign(url)
          // This page is unloading. It only continues if the browser restores it from the back/forward cache.
          return new Promise((resolve) => {
            page.addEventListener('pageshow', (event) => event.persisted && resolve(undefined), { once: true })
          })
        },
        cancel: () => undefined,
      }
    },
  }
}
