import { NavLink, ScrollArea, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { Link, useLocation } from 'wouter'
import { pageGroups } from '../pages/pages.js'

/** All pages, group by group. @param onNavigate closes the menu on a narrow screen */
export function Navigation({ onNavigate }: { readonly onNavigate: () => void }): ReactNode {
  const [location] = useLocation()
  return (
    <ScrollArea type="auto" h="100%" offsetScrollbars="present" scrollbarSize={8}>
      {pageGroups.map(({ title, pages }) => (
        <div key={title}>
          <Text component="h2" size="xs" fw={700} c="dimmed" px="sm" pt="md" pb={4}>
            {title}
          </Text>
          {pages.map((scenario) => (
            <NavLink
              key={scenario.path}
              component={Link}
              href={scenario.path}
              label={scenario.label}
              leftSection={scenario.icon}
              active={location === scenario.path}
              aria-current={location === scenario.path ? 'page' : undefined}
              py={5}
              onClick={onNavigate}
              style={{ borderRadius: 'var(--mantine-radius-md)' }}
            />
          ))}
        </div>
      ))}
    </ScrollArea>
  )
}
