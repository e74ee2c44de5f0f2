import { requireKind } from '../../errors/require-kind.js'
import type { Environment } from '../../platform/environment.js'
import type { LoginOptions, SignInOptions } from '../sign-in-options.js'
import type { Opened } from './open-in-click.js'
import { type NavigateFrame, pageTransport } from './page-transport.js'
import { type PopupWindow, popupTransport } from './popup-transport.js'
import type { Navigation, Transport, TransportName } from './transport.js'

/** A transport and its navigation, prepared inside the click. */
export interface PreparedNavigation {
  readonly transport: Transport
  readonly navigation: Navigation
}

/** What the transports but the redirect do after the click. */
export interface TransportSteps extends PopupWindow {
  readonly navigateFrame: NavigateFrame
}

/** Loads what the transports but the redirect do after the click. */
export type LoadTransports = () => Promise<TransportSteps>

/** The settings that a transport is selected by. */
interface TransportConfig {
  readonly options: SignInOptions
  readonly environment: Environment
}

/** Selects and prepares a transport. @param opened what was done inside the click */
export function prepareNavigation(
  { options, environment }: TransportConfig,
  { transport: requested, fallback }: Pick<LoginOptions, 'transport' | 'fallback'>,
  load: LoadTransports,
  { popup, navigation, failure }: Opened = {},
): PreparedNavigation {
  const transport = selectTransport(requested ?? options.transport ?? 'redirect', environment, load, popup)
  try {
    if (failure) throw failure.cause
    const prepared = navigation ?? transport.prepare()
    requireKind('prepare() of the transport', 'function', (prepared as Partial<Navigation> | undefined)?.navigate)
    return { transport, navigation: prepared }
  } catch (cause) {
    if (fallback !== 'redirect') throw cause
    return prepareNavigation({ options, environment }, { transport: 'redirect' }, load)
  }
}

/** @param requested a name, or a custom transport */
export function selectTransport(
  requested: TransportName | Transport,
  environment: Environment,
  load: LoadTransports,
  popup?: Window | null,
): Transport {
  if (typeof requested === 'object') return requested
  return requested === 'popup' ? popupTransport(environment, load, popup) : pageTransport(requested, environment, load)
}
