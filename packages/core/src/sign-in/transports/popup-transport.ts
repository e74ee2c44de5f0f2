import { createError } from '../../errors/create-error.js'
import type { Environment } from '../../platform/environment.js'
import type { Transport } from './transport.js'
import { unsupportedHere } from './unsupported-here.js'

const WIDTH = 480
const HEIGHT = 720

/** What is done with an open popup. */
export type PopupWindow = Pick<typeof import('./navigate-popup.js'), 'navigatePopup' | 'whileBlank'>

/** Opens an empty window in the middle of the page's own. @returns null if the browser blocks it; undefined if there is no browser */
export function openPopup({ window: page, openWindow }: Environment): Window | null | undefined {
  if (!page) return undefined
  const left = Math.max(0, page.screenX + (page.outerWidth - WIDTH) / 2)
  const top = Math.max(0, page.screenY + (page.outerHeight - HEIGHT) / 3)
  return openWindow?.('about:blank', '_blank', `popup,width=${WIDTH},height=${HEIGHT},left=${left},top=${top}`)
}

/** Navigates in a new window; this page stays as it is. Call `prepare` inside the click. */
export function popupTransport(environment: Environment, load: () => Promise<PopupWindow>): Transport {
  const { window: page, openWindow, openChannel } = environment
  return {
    name: 'popup',
    prepare() {
      if (!page || !openWindow) throw unsupportedHere('popup')
      if (!openChannel) throw unsupportedHere('popup', 'BroadcastChannel')
      const popup = openPopup(environment)
      if (!popup) throw createError('popup_blocked')
      return {
        whileBuilding: async (request, host) => (await load()).whileBlank(popup, request, host),
        navigate: async (request) => (await load()).navigatePopup(page, popup, openChannel, request),
        cancel: () => popup.close(),
      }
    },
  }
}
