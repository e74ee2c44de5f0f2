import { Badge } from '@mantine/core'
import type { ReactNode } from 'react'

/** Marks a message that a fault has changed. The color is darker than Mantine's oranges: white text needs a contrast of 4.5:1. */
export function AlteredBadge(): ReactNode {
  return (
    <Badge component="span" color="#b8400c">
      altered
    </Badge>
  )
}
