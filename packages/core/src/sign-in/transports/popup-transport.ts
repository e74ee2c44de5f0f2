import { createError } from '../../errors/create-error.js'
import type { Environment } from '../../platform/environment.js'
import { openPopup } from './open-in-click.js'
import type { Transport } from './transport.js'
import { unsupportedHere } from './unsupported-here.js'

/** What is done with an open popup. */
export type PopupWindow = Pick<typeof import('./wait-for-popup.js'), 'navigatePopup' | 'whileBlank'>

/**
 * Navigates in a new window; this page stays as it is.
 *
 * @param opened the window that was opened inside the click. If omitted, call `prepare` there
 */
export function popupTransport(environment: Environment, load: () => Promise<PopupWindow>, opened?: Window | null): Transport {
  const { window: page, openWindow, openChannel } = environment
  return {
    name: 'popup',
    prepare() {
      if (!page || !openWindow) throw unsupportedHere('popup')
      if (!openChannel) throw unsupportedHere('popup', 'BroadcastChannel')
      const popup = opened === undefined ? openPopup(environment) : opened
      if (!popup) throw createError('popup_blocked')
      return {
        whileBuilding: async (request, host) => (await load()).whileBlank(popup, request, host),
        navigate: async (request) => (await load()).navigatePopup(page, popup, openChannel, request),
        cancel: () => popup.close(),
      }
    },
  }
}
