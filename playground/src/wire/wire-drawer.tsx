import { Button, Drawer } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { BroadcastIcon } from '@primer/octicons-react/BroadcastIcon'
import type { ReactNode } from 'react'
import { useWire } from './use-wire.js'
import { WirePanel } from './wire-panel.js'

/** The wire log for screens that have no room beside the page. */
export function WireDrawer(): ReactNode {
  const [isOpen, drawer] = useDisclosure()
  const count = useWire().length
  return (
    <>
      <Button
        variant="default"
        size="compact-md"
        h={34}
        hiddenFrom="lg"
        leftSection={<BroadcastIcon />}
        onClick={drawer.open}
        aria-label={`On the wire: ${count} messages`}
      >
        {count}
      </Button>
      <Drawer
        opened={isOpen}
        onClose={drawer.close}
        position="right"
        size="md"
        title="On the wire"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <WirePanel isTitled={false} />
      </Drawer>
    </>
  )
}
