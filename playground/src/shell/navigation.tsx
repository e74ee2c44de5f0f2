import { NavLink, ScrollArea, Text } from '@mantine/core'
import { type ReactNode, useEffect, useRef } from 'react'
import { Link, useLocation } from 'wouter'
import { pageGroups } from '../pages/pages.js'

/** Links to all pages, by group. @param onNavigate closes the menu on a narrow screen */
export function Navigation({ onNavigate }: { readonly onNavigate: () => void }): ReactNode {
  const [location] = useLocation()
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => {
    list.current?.querySelector(`a[href="${location}"]`)?.scrollIntoView({ block: 'nearest' })
  }, [location])
  return (
    <ScrollArea ref={list} type="auto" h="100%" offsetScrollbars="present" scrollbarSize={8}>
      {pageGroups.map(({ title, pages }) => (
        <div key={title}>
          <Text component="h2" size="xs" fw={700} c="dimmed" px="sm" pt="md" pb={4}>
            {title}
          </Text>
          {pages.map((page) => (
            <NavLink
              key={page.path}
              component={Link}
              href={page.path}
              label={page.label}
              leftSection={page.icon}
              active={location === page.path}
              aria-current={location === page.path ? 'page' : undefined}
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
