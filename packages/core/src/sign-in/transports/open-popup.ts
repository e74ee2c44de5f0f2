import type { Environment } from '../../platform/environment.js'

const WIDTH = 480
const HEIGHT = 720

/** Opens an empty window above the middle of the page. @returns null if the browser blocks it; undefined if there is no browser */
export function openPopup({ window: page, openWindow }: Environment): Window | null | undefined {
  if (!page) return undefined
  const left = Math.max(0, page.screenX + (page.outerWidth - WIDTH) / 2)
  const top = Math.max(0, page.screenY + (page.outerHeight - HEIGHT) / 3)
  return openWindow?.('about:blank', '_blank', `popup,width=${WIDTH},height=${HEIGHT},left=${left},top=${top}`)
}
