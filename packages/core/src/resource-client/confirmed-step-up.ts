import { createError } from '../errors/create-error.js'
import type { Environment } from '../platform/environment.js'
import { openInClick } from '../sign-in/windows.js'
import { prepareNavigation } from '../sign-in/transports/select-transport.js'
import type { NavigateRequest, Transport, TransportName } from '../sign-in/transports/transport.js'
import type { ResourceClientOptions } from './resource-client-options.js'

/**
 * Creates a transport that waits until the app calls `proceed`, in a click of the user.
 *
 * @param transport that navigates then
 */
export function confirmedStepUp(
  environment: Environment,
  transport: TransportName | Transport,
  onStepUp: NonNullable<ResourceClientOptions['onStepUp']>,
): Transport {
  const navigate = (request: NavigateRequest): Promise<URL | undefined> => {
    const config = { options: { transport }, environment }
    const { navigation } = prepareNavigation(config, {}, openInClick(config, {}))
    return navigation.navigate(request)
  }
  return {
    name: typeof transport === 'object' ? transport.name : transport,
    prepare: () => ({
      navigate: (request) =>
        new Promise((resolve, reject) => {
          const decline = (): void => reject(createError('aborted', 'The app declined the sign-in with a wider scope.'))
          const proceed = (): void => {
            try {
              navigate(request).then(resolve, reject)
            } catch (cause) {
              reject(cause)
            }
          }
          request.signal?.addEventListener('abort', decline)
          onStepUp({ scope: request.url.searchParams.get('scope') ?? '', proceed, decline })
        }),
      cancel: () => undefined,
    }),
  }
}
