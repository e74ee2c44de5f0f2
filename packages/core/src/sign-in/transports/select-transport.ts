import type { Environment } from '../../platform/environment.js'
import type { LoginOptions, SignInOptions } from '../sign-in-options.js'
import { iframeTransport } from './iframe-transport.js'
import { popupTransport } from './popup-transport.js'
import { redirectTransport } from './redirect-transport.js'
import type { Navigation, Transport, TransportName } from './transport.js'

/** A transport and its navigation, prepared inside the click. */
export interface PreparedNavigation {
  readonly transport: Transport
  readonly navigation: Navigation
}

/** Loads what a transport needs after the click. */
export interface TransportLoaders {
  readonly popup: () => Promise<Pick<typeof import('./navigate-popup.js'), 'navigatePopup'>>
  readonly iframe: () => Promise<Pick<typeof import('./navigate-frame.js'), 'navigateFrame'>>
}

/** The settings that a transport is selected by. */
interface TransportConfig {
  readonly options: SignInOptions
  readonly environment: Environment
}

/** Selects and prepares a transport. Synchronous, so that the browser still allows a popup. */
export function prepareNavigation(
  { options, environment }: TransportConfig,
  { transport: requested, fallback }: Pick<LoginOptions, 'transport' | 'fallback'>,
  load: TransportLoaders,
): PreparedNavigation {
  const transport = selectTransport(requested ?? options.transport ?? 'redirect', environment, load)
  try {
    return { transport, navigation: transport.prepare() }
  } catch (cause) {
    if (fallback !== 'redirect') throw cause
    const redirect = redirectTransport(environment)
    return { transport: redirect, navigation: redirect.prepare() }
  }
}

/** @param requested a name, or a custom transport */
export function selectTransport(
  requested: TransportName | Transport,
  environment: Environment,
  load: TransportLoaders,
): Transport {
  if (typeof requested === 'object') return requested
  switch (requested) {
    case 'popup':
      return popupTransport(environment, load.popup)
    case 'redirect':
      return redirectTransport(environment)
    case 'iframe':
      return iframeTransport(environment, load.iframe)
  }
}
