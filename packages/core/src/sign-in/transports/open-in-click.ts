import type { Environment } from '../../platform/environment.js'
import type { LoginOptions, SignInOptions } from '../sign-in-options.js'
import type { Navigation } from './transport.js'

const WIDTH = 480
const HEIGHT = 720

/** What was done inside the click. */
export interface Opened {
  /** Of a custom transport. */
  readonly navigation?: Navigation | undefined
  /** Null if the browser blocked it. */
  readonly popup?: Window | null | undefined
  /** Why a custom transport failed. */
  readonly failure?: { readonly cause: unknown }
}

/** Opens what the browser only allows inside the click. The rest of the transports is loaded afterwards. */
export function openInClick(
  { options, environment }: { readonly options: SignInOptions; readonly environment: Environment },
  { transport = options.transport }: Pick<LoginOptions, 'transport'>,
): Opened {
  try {
    // What it returns is checked after the click.
    if (typeof transport === 'object') return { navigation: transport.prepare() }
    // A page that cannot get the response needs no window.
    return { popup: transport === 'popup' && environment.openChannel ? (openPopup(environment) ?? null) : undefined }
  } catch (cause) {
    return { failure: { cause } }
  }
}

/** Opens an empty window in the middle of the page's own. @returns null if the browser blocks it; undefined if there is no browser */
export function openPopup({ window: page, openWindow }: Environment): Window | null | undefined {
  if (!page) return undefined
  const left = Math.max(0, page.screenX + (page.outerWidth - WIDTH) / 2)
  const top = Math.max(0, page.screenY + (page.outerHeight - HEIGHT) / 3)
  return openWindow?.('about:blank', '_blank', `popup,width=${WIDTH},height=${HEIGHT},left=${left},top=${top}`)
}
