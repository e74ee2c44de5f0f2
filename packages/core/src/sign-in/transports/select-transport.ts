import { createError } from '../../errors/create-error.js'
import type { ConfigurationError } from '../../errors/errors.js'
import { requireKind } from '../../errors/require-kind.js'
import type { Environment } from '../../platform/environment.js'
import { openPopup } from './open-popup.js'
import type { LoginOptions, SignInConfig } from '../sign-in-options.js'
import { navigateRedirect } from '../start.js'
import { navigateFrame } from './navigate-frame.js'
import type { Navigation, Opened, PreparedNavigation, Transport, TransportName } from './transport.js'
import { navigatePopup, whileBlank } from './wait-for-popup.js'

/** Selects and prepares a transport. A usual redirect needs none of this. @param opened what was done inside the click */
export function prepareNavigation(
  { options, environment }: Pick<SignInConfig, 'options' | 'environment'>,
  { transport: requested, fallback }: Pick<LoginOptions, 'transport' | 'fallback'>,
  { popup, navigation, failure }: Opened = {},
): PreparedNavigation {
  const transport = selectTransport(requested ?? options.transport ?? 'redirect', environment, popup)
  try {
    if (failure) throw failure.cause
    const prepared = navigation ?? transport.prepare()
    requireKind('prepare() of the transport', 'function', (prepared as Partial<Navigation> | undefined)?.navigate)
    return { transport, navigation: prepared }
  } catch (cause) {
    if (fallback !== 'redirect') throw cause
    return prepareNavigation({ options, environment }, { transport: 'redirect' })
  }
}

/** @param requested a name, or a custom transport */
function selectTransport(requested: TransportName | Transport, environment: Environment, popup?: Window | null): Transport {
  if (typeof requested === 'object') return requested
  return requested === 'popup' ? popupTransport(environment, popup) : pageTransport(requested, environment)
}

/**
 * Navigates in a new window; this page stays as it is.
 *
 * @param opened the window that was opened inside the click. If omitted, call `prepare` there
 */
function popupTransport(environment: Environment, opened?: Window | null): Transport {
  const { window: page, openWindow, openChannel } = environment
  return {
    name: 'popup',
    prepare() {
      if (!page || !openWindow) throw unsupportedHere('popup')
      if (!openChannel) throw unsupportedHere('popup', 'BroadcastChannel')
      const popup = opened === undefined ? openPopup(environment) : opened
      if (!popup) throw createError('popup_blocked')
      return {
        whileBuilding: (request, host) => whileBlank(page, popup, request, host),
        navigate: (request) => navigatePopup(page, popup, openChannel, request),
        cancel: () => popup.close(),
      }
    },
  }
}

/** Navigates this page or a frame in it. */
function pageTransport(name: 'redirect' | 'iframe', { window: page, openChannel }: Environment): Transport {
  return {
    name,
    prepare() {
      if (!page) throw unsupportedHere(name)
      return {
        navigate: (request) =>
          name === 'redirect' ? navigateRedirect(page, request) : navigateFrame(page, request, openChannel),
        cancel: () => undefined,
      }
    },
  }
}

/** @param missing what the runtime lacks */
function unsupportedHere(transport: string, missing = 'browser window'): ConfigurationError {
  return createError('unsupported', ['transport', transport, missing])
}
