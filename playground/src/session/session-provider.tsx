import { Center, Loader } from '@mantine/core'
import type { ClientOptions } from '@latchkey/core'
import { OAuthProvider } from '@latchkey/react'
import { withDevtools } from '@latchkey/react/devtools'
import { type ReactNode, useEffect, useMemo } from 'react'
import settings from 'virtual:latchkey'
import type { Connection } from '../connection/connection.js'
import { useConnection } from '../connection/connection-context.js'
import { recordAuthorizationRequest, recordPopupResponses, recordOtherNavigations } from '../network-log/navigations.js'
import { loggingFetch } from '../network-log/logging-fetch.js'
import { resettingClock, sessionNow } from './session-clock.js'

/**
 * Configures `@latchkey/react` for the playground. A normal app only needs `<OAuthProvider {...settings}>`; the rest of this file
 * feeds the network log and the devtools.
 */
export function SessionProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const { connection } = useConnection()
  const { issuer, clientId, scope } = connection
  const options = useMemo(() => sessionOptions(connection), [connection])
  useNavigationLog()
  return (
    <OAuthProvider key={`${issuer} ${clientId} ${scope}`} {...options} callback={<CallbackNotice />}>
      {children}
    </OAuthProvider>
  )
}

function sessionOptions({ issuer, clientId, scope }: Connection): ClientOptions {
  const compliance = { authorizationRequest: recordAuthorizationRequest }
  return withDevtools<ClientOptions>({
    ...settings,
    issuer,
    clientId,
    scope,
    fetch: resettingClock(loggingFetch),
    now: sessionNow,
    compliance,
  })
}

function useNavigationLog(): void {
  useEffect(() => recordPopupResponses(), [])
  useEffect(() => recordOtherNavigations(), [])
}

function CallbackNotice(): ReactNode {
  return (
    <Center h="100vh" role="status" aria-label="Completing the sign-in">
      <Loader />
    </Center>
  )
}
