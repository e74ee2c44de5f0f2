import { Box } from '@mantine/core'
import type { OAuthClientError } from '@latchkey/core'
import { useOAuth } from '@latchkey/react'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { ErrorAlert } from '../ui/error-alert.js'

/** The session's last failure, above whichever page it happened on. */
export function SessionError(): ReactNode {
  const { error } = useOAuth()
  const [dismissed, setDismissed] = useState<OAuthClientError>()
  if (!error || error === dismissed) return undefined
  return <ShownError key={`${error.code} ${error.message}`} error={error} onClose={() => setDismissed(error)} />
}

function ShownError({ error, onClose }: { readonly error: OAuthClientError; readonly onClose: () => void }): ReactNode {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    // In braces, so that nothing is returned: in newer browsers it is a promise.
    box.current?.scrollIntoView({ block: 'center' })
  }, [])
  return (
    <Box ref={box} maw="50rem" mx="auto" mb="lg">
      <ErrorAlert error={error} title="That did not work" onClose={onClose} />
    </Box>
  )
}
