import type { Environment } from '../../platform/environment.js'
import { loadFlows } from '../../client/lazy.js'
import { popupTransport } from './popup.js'
import { redirectTransport } from './redirect.js'
import type { Transport, TransportName } from './transport.js'

/** @param wanted a name, or a transport of one's own */
export function selectTransport(wanted: TransportName | Transport, environment: Environment): Transport {
  if (typeof wanted === 'object') return wanted
  switch (wanted) {
    case 'popup':
      return popupTransport(environment)
    case 'redirect':
      return redirectTransport(environment)
    case 'iframe':
      return lazyIframe(environment)
  }
}

/** Nothing has to happen inside the click for an iframe, so its code is loaded when it is used. */
function lazyIframe(environment: Environment): Transport {
  return {
    name: 'iframe',
    prepare: () => ({
      async navigate(request) {
        const { iframeTransport } = await (await loadFlows()).loadIframeTransport()
        return iframeTransport(environment).prepare().navigate(request)
      },
      cancel: () => undefined,
    }),
  }
}
