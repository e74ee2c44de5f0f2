import { BrowserIcon } from '@primer/octicons-react/BrowserIcon'
import { CodeIcon } from '@primer/octicons-react/CodeIcon'
import { DeviceDesktopIcon } from '@primer/octicons-react/DeviceDesktopIcon'
import { DeviceMobileIcon } from '@primer/octicons-react/DeviceMobileIcon'
import { PersonIcon } from '@primer/octicons-react/PersonIcon'
import { PlugIcon } from '@primer/octicons-react/PlugIcon'
import { ServerIcon } from '@primer/octicons-react/ServerIcon'
import type { ReactNode } from 'react'
import type { Party } from './story.js'

interface PartyLook {
  readonly name: string
  readonly icon: ReactNode
}

/** How each party is shown at the top of a sequence diagram. */
export const parties: Readonly<Record<Party, PartyLook>> = {
  user: { name: 'You', icon: <PersonIcon /> },
  browser: { name: 'Browser', icon: <BrowserIcon /> },
  app: { name: 'App', icon: <CodeIcon /> },
  server: { name: 'Server', icon: <ServerIcon /> },
  api: { name: 'API', icon: <PlugIcon /> },
  device: { name: 'Device', icon: <DeviceDesktopIcon /> },
  phone: { name: 'Phone', icon: <DeviceMobileIcon /> },
}
