import { Button } from '@mantine/core'
import { useClipboard } from '@mantine/hooks'
import { LinkIcon } from '@primer/octicons-react/LinkIcon'
import type { ReactNode } from 'react'

/** Copies the URL of the page, which contains its options. */
export function CopyLinkButton(): ReactNode {
  const { copied, copy } = useClipboard()
  return (
    <Button
      flex="none"
      size="compact-sm"
      variant="subtle"
      color="gray"
      leftSection={<LinkIcon />}
      onClick={() => copy(location.href)}
    >
      {copied ? 'Copied' : 'Copy link'}
    </Button>
  )
}
