import { Anchor, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { Page } from '../ui/page.js'

export function NotFoundPage(): ReactNode {
  return (
    <Page title="Page not found" lead="The playground has no page at this address.">
      <Text>
        <Anchor component={Link} href="/">
          Go to the first page
        </Anchor>
      </Text>
    </Page>
  )
}
