import { Button, Drawer } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { BroadcastIcon } from '@primer/octicons-react/BroadcastIcon'
import type { ReactNode } from 'react'
import { useNetworkLog } from './use-network-log.js'
import { NetworkLogPanel } from './network-log-panel.js'

/** The network log on screens without room for it beside the page. */
export function NetworkLogDrawer(): ReactNode {
  const [isOpen, drawer] = useDisclosure()
  const count = useNetworkLog().length
  return (
    <>
      <Button
        variant="default"
        size="compact-md"
        h={34}
        hiddenFrom="lg"
        leftSection={<BroadcastIcon />}
        onClick={drawer.open}
        aria-label={`Network log: ${count} messages`}
      >
        {count}
      </Button>
      <Drawer
        opened={isOpen}
        onClose={drawer.close}
        position="right"
        size="md"
        title="Network log"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <NetworkLogPanel isTitled={false} />
      </Drawer>
    </>
  )
}
