import { Alert, Anchor, Box } from '@mantine/core'
import { type ReactNode, useEffect, useState } from 'react'
import { Link, useLocation } from 'wouter'
import { loggingFetch } from '../network-log/logging-fetch.js'
import { builtInConnection } from './built-in-connection.js'
import { metadataUrl } from './connection.js'
import { useConnection } from './connection-context.js'
import { missingFeature, type ServerFacts } from './provider-needs.js'

/** Says above a page why the chosen server cannot do what the page shows. */
export function ProviderNotice(): ReactNode {
  const { issuer } = useConnection().connection
  const [path] = useLocation()
  const facts = useServerFacts(issuer)
  const missing = facts && missingFeature(path, facts)
  if (missing === undefined) return undefined
  return (
    <Box maw="50rem" mx="auto" mb="lg">
      <Alert color="yellow" role="status" title="Your server cannot do this">
        {missing} You can still read the page. To try it, choose the built-in server on the page{' '}
        <Anchor component={Link} href="/server" underline="always">
          Server
        </Anchor>
        .
      </Alert>
    </Box>
  )
}

/** @returns undefined for the built-in server, which can do everything, and if the metadata cannot be read */
function useServerFacts(issuer: string): ServerFacts | undefined {
  const [found, setFound] = useState<{ readonly issuer: string; readonly facts: ServerFacts }>()
  useEffect(() => {
    if (issuer === builtInConnection.issuer) return
    loggingFetch(metadataUrl(issuer))
      .then(async (response) => setFound({ issuer, facts: (await response.json()) as ServerFacts }))
      // The page that signs in explains what is wrong with the server.
      .catch(() => undefined)
  }, [issuer])
  return found?.issuer === issuer ? found.facts : undefined
}
