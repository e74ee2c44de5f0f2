import { createError } from '../../errors/create-error.js'
import type { Environment } from '../../platform/environment.js'
import type { Transport } from './transport.js'
import { unsupportedHere } from './unsupported-here.js'

const WIDTH = 480
const HEIGHT = 720

/** What is done with an open popup. */
export type PopupWindow = Pick<typeof import('./navigate-popup.js'), 'navigatePopup' | 'whileBlank'>

/** Navigates in a new window; this page stays as it is. Call `prepare` inside the click. */
export function popupTransport(
  { window: page, openWindow, openChannel }: Environment,
  load: () => Promise<PopupWindow>,
): Transport {
  return {
    name: 'popup',
    prepare() {
      if (!page || !openWindow) throw unsupportedHere('popup')
      if (!openChannel) throw unsupportedHere('popup', 'BroadcastChannel')
      const left = Math.max(0, page.screenX + (page.outerWidth - WIDTH) / 2)
      const top = Math.max(0, page.screenY + (page.outerHeight - HEIGHT) / 3)
      const popup = openWindow('about:blank', '_blank', `popup,width=${WIDTH},height=${HEIGHT},left=${left},top=${top}`)
      if (!popup) throw createError('popup_blocked')
      return {
        whileBuilding: async (request, host) => (await load()).whileBlank(popup, request, host),
        navigate: async (request) => (await load()).navigatePopup(page, popup, openChannel, request),
        cancel: () => popup.close(),
      }
    },
  }
}
