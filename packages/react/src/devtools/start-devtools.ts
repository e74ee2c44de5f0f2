import { installHook, installedHook } from './devtools-hook.js'

/** Configures `startDevtools`. */
export interface StartDevtoolsOptions {
  /**
   * The nonce of the panel's style elements, if the page's Content-Security-Policy requires one. Default: that of the page's
   * `<meta property="csp-nonce">`, which Vite writes.
   */
  readonly nonce?: string | undefined
}

let isStarted = false

/**
 * Records the messages of every client that the page creates from now on, in whatever module, and shows a panel with them once the page has
 * loaded. `latchkey({ devtools: true })` of `@latchkey/vite` calls it before the app's own modules. For development only: clients in an app
 * that is built for production do not take part.
 *
 * @example
 * import { startDevtools } from '@latchkey/react/devtools/start'
 * if (process.env.NODE_ENV !== 'production') startDevtools()
 */
export function startDevtools({ nonce = pageNonce() }: StartDevtoolsOptions = {}): void {
  if (typeof document === 'undefined' || isStarted) return
  isStarted = true
  installHook()
  if (isInOwnFrame()) return
  // If the chunk cannot be loaded, the browser reports the rejection.
  const mount = (): void => void import('./mount-devtools.js').then(({ mountDevtools }) => mountDevtools(nonce))
  if (document.readyState === 'complete') mount()
  else window.addEventListener('load', mount, { once: true })
}

function pageNonce(): string | undefined {
  const meta = typeof document === 'undefined' ? null : document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')
  return meta?.nonce || undefined
}

/** A silent sign-in loads a page of the app in a hidden frame. */
function isInOwnFrame(): boolean {
  try {
    return window.parent !== window && (window.parent as { readonly latchkeyDevtools?: unknown }).latchkeyDevtools !== undefined
  } catch {
    // The parent is another origin: an editor that shows the app.
    return installedHook() === undefined
  }
}
