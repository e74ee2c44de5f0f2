import { createOAuthClient, type OAuthClient } from '@latchkey/core'
import { TanStackDevtools } from '@tanstack/react-devtools'
import { act, cleanup, fireEvent, render, screen, within } from '@testing-library/react'
import axe from 'axe-core'
import { useState, type ReactElement } from 'react'
import { afterAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { page } from 'vitest/browser'
import { latchkeyDevtoolsPlugin, OAuthDevtools, withDevtools } from '../devtools.js'
import { startDevtools } from '../devtools-start.js'
import { createTestServer } from '../fixtures/authorization-server.fixture.js'
import { cleanUpAfterEach } from '../fixtures/testing-library.fixture.js'
import { OAuthProvider } from '../index.js'
import { TestOAuthProvider } from '../testing.js'

cleanUpAfterEach()
beforeEach(clearStorage)
// The pages of other tests share it.
afterAll(clearStorage)

function clearStorage(): void {
  sessionStorage.clear()
  localStorage.clear()
}

function show(): HTMLElement {
  render(
    <TestOAuthProvider>
      <OAuthDevtools />
    </TestOAuthProvider>,
  )
  return screen.getByRole('complementary', { name: 'Latchkey devtools' })
}

const trigger = (): HTMLElement => screen.getByRole('button', { name: 'Latchkey' })
const isOpen = (): string | null => trigger().getAttribute('aria-expanded')

describe('the dock', () => {
  it('remembers in this tab that it was open', () => {
    show()
    fireEvent.click(trigger())
    cleanup()
    show()
    expect(isOpen()).toBe('true')
    fireEvent.click(screen.getByRole('button', { name: 'Close' }))
    cleanup()
    show()
    expect(isOpen()).toBe('false')
  })

  it('is resized with the keyboard within the window, and remembers its size', () => {
    show()
    fireEvent.click(trigger())
    const size = (): number => Number(screen.getByRole('separator').getAttribute('aria-valuenow'))
    const before = size()
    fireEvent.keyDown(screen.getByRole('separator'), { key: 'ArrowDown' })
    expect(size()).toBe(before - 16)
    fireEvent.keyDown(screen.getByRole('separator'), { key: 'Home' })
    expect(size()).toBe(120)
    fireEvent.keyDown(screen.getByRole('separator'), { key: 'ArrowDown' })
    expect(size()).toBe(120)
    cleanup()
    show()
    expect(size()).toBe(120)
  })

  it('is resized with a pointer', () => {
    const dock = show()
    fireEvent.click(trigger())
    const separator = screen.getByRole('separator')
    // A synthetic pointer cannot be captured.
    separator.setPointerCapture = () => undefined
    separator.hasPointerCapture = () => true
    fireEvent.pointerDown(separator, { pointerId: 1 })
    fireEvent.pointerMove(separator, { pointerId: 1, clientY: window.innerHeight - 200 })
    expect(dock.style.getPropertyValue('--lk-size')).toBe('200px')
  })

  it('moves to the right edge, and leaves room for the page', async () => {
    await page.viewport(1280, 800)
    onTestFinished(() => page.viewport(414, 896))
    const dock = show()
    fireEvent.click(trigger())
    fireEvent.click(screen.getByRole('button', { name: 'Dock right' }))
    expect(dock.dataset['side']).toBe('right')
    expect(screen.getByRole('separator').getAttribute('aria-orientation')).toBe('vertical')
    expect(dock.querySelectorAll('style')[1]?.textContent).toContain('padding-inline-end')
  })

  it('closes by Escape, and returns the focus', () => {
    show()
    fireEvent.click(trigger())
    const button = screen.getByRole('button', { name: 'Diagnose' })
    button.focus()
    fireEvent.keyDown(button, { key: 'Escape' })
    expect(isOpen()).toBe('false')
    expect(document.activeElement).toBe(trigger())
  })

  it('follows the color scheme of the page', async () => {
    const dock = show()
    onTestFinished(() => void document.documentElement.style.removeProperty('color-scheme'))
    document.documentElement.style.colorScheme = 'dark'
    await expect.poll(() => dock.dataset['theme']).toBe('dark')
    document.documentElement.style.colorScheme = 'light'
    await expect.poll(() => dock.dataset['theme']).toBe('light')
  })

  // At the width of a phone: `oauth-devtools.browser.test.tsx`.
  it('has no accessibility violation that axe finds in its columns and in failed checks', async () => {
    const client = createOAuthClient(withDevtools(createTestServer().options))
    await client.login()
    render(
      <OAuthProvider client={client}>
        <OAuthDevtools initiallyOpen />
      </OAuthProvider>,
    )
    fireEvent.click(screen.getByRole('button', { name: 'Wrong signature' }))
    fireEvent.click(screen.getByRole('button', { name: 'Refresh now' }))
    await screen.findAllByText(/signature failed/)
    for (const details of document.querySelectorAll('details')) details.open = true
    const dock = screen.getByRole('complementary', { name: 'Latchkey devtools' })
    Object.assign(dock.style, { position: 'static', height: 'auto', width: '1280px' })
    for (const theme of ['light', 'dark']) {
      dock.dataset['theme'] = theme
      const { violations } = await axe.run(dock, {
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      })
      expect([theme, ...violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)])]).toEqual([theme])
    }
  })

  it('shows a countdown of the access token', async () => {
    const client = createOAuthClient(withDevtools(createTestServer().options))
    await client.login()
    render(
      <OAuthProvider client={client}>
        <OAuthDevtools />
      </OAuthProvider>,
    )
    const pill = (): string => document.querySelector('.lk-pill')?.textContent ?? ''
    expect(pill()).toMatch(/^Alice · (1:00:00|59:\d\d)$/)
    const before = pill()
    await expect.poll(pill).not.toBe(before)
    await act(() => client.logout({ local: true }))
    expect(pill()).toBe('signed out')
  })
})

describe('the plugin for TanStack’s devtools', () => {
  function Shell({ client }: { readonly client: OAuthClient }): ReactElement {
    const [plugins] = useState(() => [latchkeyDevtoolsPlugin({ defaultOpen: true })])
    return (
      <OAuthProvider client={client}>
        <TanStackDevtools config={{ defaultOpen: true, theme: 'light' }} plugins={plugins} />
      </OAuthProvider>
    )
  }

  it('renders the panel in the shell', async () => {
    const client = createOAuthClient(withDevtools(createTestServer().options))
    await client.login()
    render(<Shell client={client} />)
    const session = await screen.findByRole('region', { name: 'Session' }, { timeout: 60_000 })
    expect(session.textContent).toContain('signed-in, idle')
    expect(session.closest<HTMLElement>('.lk-devtools')?.dataset['theme']).toBe('light')
    const { violations } = await axe.run('.lk-devtools', { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })
    expect(violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)])).toEqual([])
  })

  it('refuses an option that does not exist', () => {
    expect(() => latchkeyDevtoolsPlugin({ client: {} } as never)).toThrow('Did you mean "clients"?')
  })
})

describe('startDevtools()', () => {
  it('finds clients wherever they are created, records them from the first message, and shows one panel', async () => {
    startDevtools()
    onTestFinished(() => {
      delete (globalThis as { latchkeyDevtools?: unknown }).latchkeyDevtools
      document.querySelector('.lk-devtools')?.parentElement?.remove()
    })
    const client = createOAuthClient(createTestServer().options)
    const bar = await screen.findByRole('button', { name: 'Latchkey' }, { timeout: 60_000 })
    await act(() => client.login())
    act(() => bar.click())
    const region = within(await screen.findByRole('region', { name: 'Protocol messages' }))
    expect(region.getByText(/Token request: authorization code/)).toBeTruthy()
    await act(async () => screen.getByRole('button', { name: 'Sign out elsewhere' }).click())
    await screen.findByText('signed-out, idle')
    // The client that acts as another tab is not listed.
    expect(screen.queryByLabelText(/^Client/)).toBeNull()
    render(
      <OAuthProvider client={client}>
        <OAuthDevtools />
      </OAuthProvider>,
    )
    await expect.poll(() => document.querySelectorAll('.lk-devtools').length).toBe(1)
  })
})
