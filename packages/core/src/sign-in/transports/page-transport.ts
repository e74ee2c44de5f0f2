import type { Environment } from '../../platform/environment.js'
import { navigateRedirect } from './navigate-redirect.js'
import type { NavigateRequest, Transport } from './transport.js'
import { unsupportedHere } from './unsupported-here.js'

/** Navigates a hidden frame. */
export type NavigateFrame = (
  page: Window & typeof globalThis,
  request: NavigateRequest,
  openChannel: Environment['openChannel'],
) => Promise<URL | undefined>

/** Navigates this page or a frame in it. */
export function pageTransport(
  name: 'redirect' | 'iframe',
  { window: page, openChannel }: Environment,
  load: () => Promise<{ readonly navigateFrame: NavigateFrame }>,
): Transport {
  return {
    name,
    prepare() {
      if (!page) throw unsupportedHere(name)
      return {
        navigate: async (request) =>
          name === 'redirect' ? navigateRedirect(page, request) : (await load()).navigateFrame(page, request, openChannel),
        cancel: () => undefined,
      }
    },
  }
}
