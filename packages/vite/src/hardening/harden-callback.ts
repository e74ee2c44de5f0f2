import type { HtmlTagDescriptor } from 'vite'
import { callbackPage } from './callback-page.js'
import type { Hardening } from './hardening-options.js'
import { TAKE_RESPONSE, UNUSED_RESPONSE } from './take-response.js'

const PAGE_ID = 'virtual:latchkey/page'
const RELAY_ID = '\0virtual:latchkey/relay'

/** Vite, which finds what the app imports. */
interface Resolver {
  readonly resolve: (
    id: string,
    importer: string | undefined,
    options: { readonly skipSelf: boolean },
  ) => Promise<{ readonly id: string } | null>
}

/** The parts of the plugin that take a response out of the URL, and give it to the clients of the app. */
export interface CallbackHardening {
  /** The first script of each page. */
  readonly tags: () => readonly HtmlTagDescriptor[]
  /** Adds the page with the response to the settings, which the clients of the app are created from. */
  readonly settings: (code: string) => string
  /** Replaces `@latchkey/core/callback` in the app. @returns undefined where nothing is replaced */
  readonly resolveRelay: (context: Resolver, id: string, importer: string | undefined) => Promise<string | undefined>
  /** @returns the code of one of the modules; undefined for any other */
  readonly load: (id: string) => string | undefined
}

/** @param setup once Vite's configuration is resolved */
export function hardenCallback(setup: () => { readonly hardening: Hardening }): CallbackHardening {
  const isOn = (): boolean => setup().hardening.callback
  let entry: string | undefined
  return {
    tags: () => (isOn() ? [{ tag: 'script', children: TAKE_RESPONSE, injectTo: 'head-prepend' }] : []),
    settings: (code) => (isOn() ? withEnvironment(code) : code),
    async resolveRelay(context, id, importer) {
      if (!isOn() || importer === RELAY_ID) return undefined
      entry = (await context.resolve(id, importer, { skipSelf: true }))?.id
      return entry === undefined ? undefined : RELAY_ID
    },
    load(id) {
      if (id === `\0${PAGE_ID}`) return PAGE
      return id === RELAY_ID && entry !== undefined ? relayModule(entry) : undefined
    },
  }
}

function withEnvironment(settings: string): string {
  const extended = settings.replace('export default {', 'export default {\n  ...(environment && { environment }),')
  return `import { environment } from '${PAGE_ID}'\n${extended}`
}

/** Outside of a page with a response, there is no other environment than the usual one. */
const PAGE = `${callbackPage.toString()}
const href = typeof window === 'undefined' ? undefined : window.latchkeyCallback?.()
export const environment = href === undefined ? undefined : { window: callbackPage(window, href) }
if (environment && window.parent === window && !window.opener)
  setTimeout(() => environment.window.location.href === href && console.warn(${JSON.stringify(UNUSED_RESPONSE)}), 10_000)
`

/** @param entry what the app's own import leads to */
function relayModule(entry: string): string {
  return `import { relayCallback as relay } from ${JSON.stringify(entry)}
import { environment } from '${PAGE_ID}'
export const relayCallback = (page = environment?.window ?? window) => relay(page)
`
}
