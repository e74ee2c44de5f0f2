import type { Environment } from '../../platform/environment.js'
import type { NavigateRequest, Transport } from './transport.js'
import { unsupportedHere } from './unsupported-here.js'

/** Sends the request of a transport that has nothing to do inside the click. */
export type NavigatePage = (
  page: Window & typeof globalThis,
  request: NavigateRequest,
  openChannel: Environment['openChannel'],
) => Promise<URL | undefined>

/** Navigates this page or a frame in it. */
export function pageTransport(
  name: 'redirect' | 'iframe',
  { window: page, openChannel }: Environment,
  load: () => Promise<{ readonly navigatePage: Readonly<Record<'redirect' | 'iframe', NavigatePage>> }>,
): Transport {
  return {
    name,
    prepare() {
      if (!page) throw unsupportedHere(name)
      return {
        navigate: async (request) => (await load()).navigatePage[name](page, request, openChannel),
        cancel: () => undefined,
      }
    },
  }
}
