import type { Environment } from '../../platform/environment.js'
import type { Transport } from './transport.js'
import { unsupportedHere } from './unsupported-here.js'

/** Navigates in a hidden frame, without user interaction (`prompt=none`). Nothing has to happen inside the click. */
export function iframeTransport(
  { window: page, openChannel }: Environment,
  load: () => Promise<Pick<typeof import('./navigate-frame.js'), 'navigateFrame'>>,
): Transport {
  return {
    name: 'iframe',
    prepare: () => ({
      async navigate(request) {
        if (!page) throw unsupportedHere('iframe')
        if (!openChannel) throw unsupportedHere('iframe', 'BroadcastChannel')
        const { navigateFrame } = await load()
        return navigateFrame(page, openChannel, request)
      },
      cancel: () => undefined,
    }),
  }
}
