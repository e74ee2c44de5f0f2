import { Anchor, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { Page } from '../ui/page.js'

export function NotFound(): ReactNode {
  return (
    <Page title="No such page" lead="The playground has no page at this address.">
      <Text>
        <Anchor component={Link} href="/">
          To the first page
        </Anchor>
      </Text>
    </Page>
  )
}
