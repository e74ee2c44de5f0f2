import type { LoginOptions, SignInConfig } from './sign-in-options.js'
import { openPopup } from './transports/open-popup.js'
import type { Opened } from './transports/transport.js'

// The windows of a sign-in: what is opened in the click, the hidden frame, and the page with the sign-ins of all its clients.

/** Opens what the browser only allows inside the click. The rest of the transports is loaded afterwards. */
export function openInClick(
  { options, environment }: Pick<SignInConfig, 'options' | 'environment'>,
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

/** `window.name` in the hidden frame of a silent sign-in. The name stays when the frame navigates. */
export const FRAME_NAME = 'latchkey-silent-sign-in'

/** Whether a page is in the hidden frame of a silent sign-in. The name alone proves nothing: the `target` of any link names a tab. */
export function isSignInFrame(page: Window | undefined): boolean {
  return page?.name === FRAME_NAME && page.parent !== page
}

type SharedWork = Promise<unknown> & { readonly owner?: object }

interface SharingWindow {
  latchkeySignIns?: Record<string, SharedWork>
}

/**
 * The sign-ins in progress of all clients of a page, by the client's key and what they do. They are in the window, because every
 * micro-frontend has its own copy of this library, and two clients with the same configuration must not do the same thing twice.
 */
export function signInsOf(page: Window): Record<string, SharedWork> {
  return ((page as SharingWindow).latchkeySignIns ??= {})
}
