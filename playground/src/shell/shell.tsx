import { Anchor, AppShell, Burger, Group, ScrollArea, Text } from '@mantine/core'
import { useDisclosure, useWindowEvent } from '@mantine/hooks'
import { type ReactNode, type RefObject, useRef } from 'react'
import { Link, Route, Switch } from 'wouter'
import { ProviderNotice } from '../connection/provider-notice.js'
import { NotFoundPage } from '../pages/not-found-page.js'
import { pages } from '../pages/pages.js'
import { SessionAnnouncer } from '../session/session-announcer.js'
import { SessionError } from '../session/session-error.js'
import { SessionStatus } from '../session/session-status.js'
import { UnclaimedResponse } from '../session/unclaimed-response.js'
import { NetworkLogDrawer } from '../network-log/network-log-drawer.js'
import { NetworkLogPanel } from '../network-log/network-log-panel.js'
import { ColorSchemeMenu } from './color-scheme-menu.js'
import { Navigation } from './navigation.js'

/** The layout around every page: session at the top, navigation at the left, network log at the right. */
export function Shell(): ReactNode {
  const [isMenuOpen, menu] = useDisclosure()
  const menuButton = useRef<HTMLButtonElement>(null)
  const closeMenu = ({ key }: KeyboardEvent): void => {
    if (key !== 'Escape' || !isMenuOpen) return
    menu.close()
    menuButton.current?.focus()
  }
  useWindowEvent('keydown', closeMenu)
  return (
    <AppShell
      header={{ height: 60 }}
      navbar={{ width: 220, breakpoint: 'sm', collapsed: { mobile: !isMenuOpen } }}
      aside={{ width: 360, breakpoint: 'lg', collapsed: { mobile: true } }}
      padding={{ base: 'md', sm: 'xl' }}
    >
      <a className="skip-link" href="#main">
        Skip to content
      </a>
      <AppShell.Header px="md">
        <Header menuButton={menuButton} isMenuOpen={isMenuOpen} onToggleMenu={menu.toggle} />
      </AppShell.Header>
      <AppShell.Navbar p="xs" aria-label="Pages" className="page-menu" data-closed={!isMenuOpen || undefined}>
        <Navigation onNavigate={menu.close} />
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1} style={{ outline: 'none' }}>
        <SessionError />
        <UnclaimedResponse />
        <ProviderNotice />
        <Switch>
          {pages.map(({ path, Page }) => (
            <Route key={path} path={path} component={Page} />
          ))}
          <Route component={NotFoundPage} />
        </Switch>
      </AppShell.Main>
      <AppShell.Aside aria-label="Network log" visibleFrom="lg">
        <ScrollArea type="auto" h="100%" scrollbarSize={8}>
          <NetworkLogPanel />
        </ScrollArea>
      </AppShell.Aside>
      <SessionAnnouncer />
    </AppShell>
  )
}

interface HeaderProps {
  readonly menuButton: RefObject<HTMLButtonElement | null>
  readonly isMenuOpen: boolean
  readonly onToggleMenu: () => void
}

function Header({ menuButton, isMenuOpen, onToggleMenu }: HeaderProps): ReactNode {
  return (
    <Group h="100%" justify="space-between" wrap="nowrap" gap="xs">
      <Group gap="xs" wrap="nowrap">
        <Burger
          ref={menuButton}
          opened={isMenuOpen}
          onClick={onToggleMenu}
          hiddenFrom="sm"
          size="sm"
          aria-expanded={isMenuOpen}
          aria-label={isMenuOpen ? 'Close the menu' : 'Open the menu'}
        />
        <Anchor component={Link} href="/" underline="never" c="inherit" aria-label="Latchkey playground">
          <Group gap={8} wrap="nowrap">
            <img src="/favicon.svg" alt="" width={28} height={28} />
            <Text fw={700} visibleFrom="xs">
              Latchkey playground
            </Text>
          </Group>
        </Anchor>
      </Group>
      <Group gap="xs" wrap="nowrap">
        <SessionStatus />
        <NetworkLogDrawer />
        <ColorSchemeMenu />
      </Group>
    </Group>
  )
}
