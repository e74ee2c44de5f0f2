import { Alert, Box } from '@mantine/core'
import { type ReactNode, useEffect, useState } from 'react'
import { hasResponse } from '../network-log/navigations.js'

/**
 * Says that the URL has a response that no client handled, and removes it. The client of an experiment is gone when its page is reloaded
 * while the popup is open: the popup then shows the playground.
 */
export function UnclaimedResponse(): ReactNode {
  // The session's client has removed its own response before the page is rendered.
  const [isUnclaimed] = useState(() => hasResponse(new URL(location.href)))
  useEffect(() => {
    if (isUnclaimed) history.replaceState(history.state, '', location.pathname)
  }, [isUnclaimed])
  if (!isUnclaimed) return undefined
  return (
    <Box maw="50rem" mx="auto" mb="lg">
      <Alert color="yellow" role="status" title="No page waits for this sign-in any more">
        The server has responded, but the page that started the sign-in was reloaded or closed in the meantime. The response has
        been removed from the address, and no user was signed in by it. If this is a popup, close it, and start again on the page
        that opened it.
      </Alert>
    </Box>
  )
}
