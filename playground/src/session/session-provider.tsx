import { Center, Loader } from '@mantine/core'
import { OAuthProvider } from '@latchkey/react'
import { type ReactNode, useEffect } from 'react'
import settings from 'virtual:latchkey'
import { useConnection } from '../connection/connection-context.js'
import { noteDeparture, watchPopupArrivals, watchSignOut } from '../wire/navigations.js'
import { watchedFetch } from '../wire/watched-fetch.js'

const compliance = { authorizationRequest: noteDeparture }

/**
 * The one place where the playground meets `@latchkey/react`. An app of one's own writes `<OAuthProvider {...settings}>`; what
 * stands here beside it writes the wire log.
 */
export function SessionProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const { issuer, clientId, scope } = useConnection().connection
  useWireWatch()
  return (
    <OAuthProvider
      key={`${issuer} ${clientId} ${scope}`}
      {...settings}
      issuer={issuer}
      clientId={clientId}
      scope={scope}
      fetch={watchedFetch}
      compliance={compliance}
      callback={<ReturningNotice />}
    >
      {children}
    </OAuthProvider>
  )
}

function useWireWatch(): void {
  useEffect(() => watchPopupArrivals(), [])
  useEffect(() => watchSignOut(), [])
}

function ReturningNotice(): ReactNode {
  return (
    <Center h="100vh" role="status" aria-label="Completing the sign-in">
      <Loader />
    </Center>
  )
}
