import { Box } from '@mantine/core'
import type { OAuthClientError } from '@latchkey/core'
import { useOAuth } from '@latchkey/react'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { DiagnoseButton } from '../doctor/diagnose-button.js'
import { ErrorAlert, errorTitle } from '../ui/error-alert.js'

/** The session's last error, above the current page. */
export function SessionError(): ReactNode {
  const { error } = useOAuth()
  const [dismissed, setDismissed] = useState<OAuthClientError>()
  if (!error || error === dismissed) return undefined
  return <ShownError key={`${error.code} ${error.message}`} error={error} onClose={() => setDismissed(error)} />
}

function ShownError({ error, onClose }: { readonly error: OAuthClientError; readonly onClose: () => void }): ReactNode {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    // In braces, because newer browsers return a promise, which an effect must not.
    box.current?.scrollIntoView({ block: 'center' })
  }, [])
  return (
    <Box ref={box} maw="50rem" mx="auto" mb="lg">
      <ErrorAlert error={error} title={errorTitle(error)} onClose={onClose}>
        <DiagnoseButton />
      </ErrorAlert>
    </Box>
  )
}
