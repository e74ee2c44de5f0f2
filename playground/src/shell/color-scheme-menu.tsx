import { ActionIcon, Menu, type MantineColorScheme, useMantineColorScheme } from '@mantine/core'
import { CheckIcon } from '@primer/octicons-react/CheckIcon'
import { DeviceDesktopIcon } from '@primer/octicons-react/DeviceDesktopIcon'
import { MoonIcon } from '@primer/octicons-react/MoonIcon'
import { SunIcon } from '@primer/octicons-react/SunIcon'
import type { ReactNode } from 'react'

const schemes: readonly { readonly value: MantineColorScheme; readonly label: string; readonly icon: ReactNode }[] = [
  { value: 'auto', label: 'System', icon: <DeviceDesktopIcon /> },
  { value: 'light', label: 'Light', icon: <SunIcon /> },
  { value: 'dark', label: 'Dark', icon: <MoonIcon /> },
]

/** Selects the light, the dark or the system's color scheme. */
export function ColorSchemeMenu(): ReactNode {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const current = schemes.find(({ value }) => value === colorScheme)
  return (
    <Menu position="bottom-end" width={190}>
      <Menu.Target>
        <ActionIcon variant="default" size="lg" aria-label={`Color scheme: ${current?.label ?? colorScheme}`}>
          {current?.icon}
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {schemes.map(({ value, label, icon }) => (
          <Menu.Item
            key={value}
            role="menuitemradio"
            aria-checked={value === colorScheme}
            leftSection={icon}
            rightSection={value === colorScheme ? <CheckIcon /> : undefined}
            onClick={() => setColorScheme(value)}
          >
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
