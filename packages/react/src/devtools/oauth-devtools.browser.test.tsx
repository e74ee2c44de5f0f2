import { createOAuthClient } from '@latchkey/core'
import { act, fireEvent, render, screen, within } from '@testing-library/react'
import axe from 'axe-core'
import { beforeEach, describe, expect, it } from 'vitest'
import { callbackUrl, createTestServer } from '../fixtures/authorization-server.fixture.js'
import { OAuthProvider } from '../index.js'
import { openPage } from '../fixtures/open-page.fixture.js'
import { cleanUpAfterEach } from '../fixtures/testing-library.fixture.js'
import { createTestClient, TestOAuthProvider, type TestServer } from '../testing.js'
import { OAuthDevtools, withDevtools } from '../devtools.js'

cleanUpAfterEach()

beforeEach(() => sessionStorage.clear())

async function openPanel(server: TestServer = createTestServer()) {
  const client = createOAuthClient(withDevtools(server.options))
  await client.login()
  render(
    <OAuthProvider client={client}>
      <OAuthDevtools />
    </OAuthProvider>,
  )
  fireEvent.click(screen.getByRole('button', { name: 'Latchkey' }))
  return { server, client, press }
}

async function press(label: string, outcome: RegExp): Promise<void> {
  fireEvent.click(screen.getByRole('button', { name: label }))
  await within(screen.getByRole('status')).findByText(outcome)
}

const messages = (): string[] =>
  within(screen.getByRole('region', { name: 'Protocol messages' }))
    .getAllByRole('listitem')
    .map(
      (item) =>
        item
          .querySelector('summary')
          ?.textContent.replace(item.querySelector('small')?.textContent ?? '', '')
          .trim() ?? '',
    )

describe('<OAuthDevtools>', () => {
  it('is closed by default, and a button with aria-expanded opens it', () => {
    render(
      <TestOAuthProvider>
        <OAuthDevtools />
      </TestOAuthProvider>,
    )
    const button = screen.getByRole('button', { name: 'Latchkey' })
    expect(button.getAttribute('aria-expanded')).toBe('false')
    expect(screen.queryByRole('region', { name: 'Session' })).toBeNull()
    fireEvent.click(button)
    expect(button.getAttribute('aria-expanded')).toBe('true')
    expect(screen.getByRole('region', { name: 'Session' }).textContent).toContain('signed-out, idle')
  })

  it('shows the session and its tokens masked, decoded on demand', async () => {
    const { client } = await openPanel()
    const { accessToken = '', refreshToken = '', idToken = '' } = client.getTokenSet() ?? {}
    const session = screen.getByRole('region', { name: 'Session' })
    expect(session.textContent).toContain('signed-in, idle')
    expect(session.textContent).toMatch(/alice.*expires in (60|59) min/s)
    expect(session.textContent).toContain(`…${accessToken.slice(-4)} (${accessToken.length})`)
    expect(within(session).getByText('Decode ID token').nextSibling?.textContent).toContain('"alg": "RS256"')
    for (const secret of [accessToken, refreshToken, idToken, idToken.split('.')[2] ?? ''])
      expect(document.body.innerHTML).not.toContain(secret)
  })

  it('shows a failure with its hint and the section of the specification', () => {
    const client = createTestClient()
    render(
      <TestOAuthProvider client={client}>
        <OAuthDevtools initiallyOpen />
      </TestOAuthProvider>,
    )
    expect(screen.getByText(/pass the client’s options through withDevtools/)).toBeTruthy()
    expect(screen.getByRole('button', { name: 'Refresh now' }).getAttribute('aria-disabled')).toBe('true')
    fireEvent.click(screen.getByRole('button', { name: 'Refresh now' }))
    expect(screen.getByRole('status').textContent).toBe('Not available: no user is signed in.')
  })

  it('lists the protocol messages with their sections and without secrets', async () => {
    const { client, server } = await openPanel()
    await act(() => client.fetch('https://api.example/me', { method: 'POST', body: new URLSearchParams({ pin: '4711' }) }))
    await act(() => client.userInfo())
    expect(messages().map((line) => line.replaceAll(/^[\d:]+( [AP]M)? | \d+ ms$/g, '').trim())).toEqual([
      'UserInfo request 200',
      'Protected resource request 200',
      'Token request: authorization code 200',
      'Authorization request',
      'JSON Web Key Set 200',
      'Server metadata 200',
    ])
    const timeline = screen.getByRole('region', { name: 'Protocol messages' }).textContent ?? ''
    expect(timeline).toContain('RFC 6749, section 4.1.3')
    expect(timeline).toContain('code_challenge_method')
    expect(timeline).not.toContain('4711')
    expect(timeline).not.toContain('Alice')
    const recorded = JSON.stringify(Object.entries(sessionStorage))
    const { accessToken = '?', refreshToken = '?', idToken = '?' } = client.getTokenSet() ?? {}
    for (const secret of [accessToken, refreshToken, idToken]) expect(recorded).not.toContain(secret)
    expect(server.count('token')).toBe(1)
  })

  it('continues the recording after a redirect, including the authorization response', async () => {
    const server = createTestServer()
    const before = createOAuthClient(withDevtools(server.options))
    const url = await callbackUrl(server, (transport) => before.login({ transport }))
    openPage(url)
    render(
      <OAuthProvider {...withDevtools(server.options)}>
        <OAuthDevtools initiallyOpen />
      </OAuthProvider>,
    )
    await screen.findByText(/signed-in, idle/)
    const titles = messages().join('\n')
    expect(titles).toMatch(/Token request: authorization code[^]*Authorization response[^]*Authorization request/)
    expect(document.body.innerHTML).not.toContain(url.searchParams.get('code'))
    expect(JSON.stringify(Object.entries(sessionStorage))).not.toContain(url.searchParams.get('code'))
  })

  it('names a request to an endpoint that the options put in the place of the discovered one', async () => {
    const { options } = createTestServer()
    const userinfo = `${options.issuer}/own-userinfo`
    const client = createOAuthClient(withDevtools({ ...options, server: { userinfo_endpoint: userinfo } }))
    await client.login()
    await client.userInfo().catch(() => undefined)
    render(
      <OAuthProvider client={client}>
        <OAuthDevtools initiallyOpen />
      </OAuthProvider>,
    )
    expect(messages()[0]).toContain('UserInfo request')
  })

  it('makes the token expire, and the next use refreshes it once', async () => {
    const { client, server } = await openPanel()
    await press('Expire now', /has expired/)
    expect(screen.getByRole('region', { name: 'Session' }).textContent).toMatch(/\)\s*expired/)
    await act(() => client.fetch('https://api.example/me'))
    await act(() => client.fetch('https://api.example/me'))
    expect(server.count('token')).toBe(2)
    expect(messages()[2]).toContain('Token request: refresh')
  })

  it('refreshes, revokes, and reports both', async () => {
    const { client, server } = await openPanel()
    const previous = client.getTokenSet()?.accessToken
    await press('Refresh now', /Tokens refreshed/)
    expect(client.getTokenSet()?.accessToken).not.toBe(previous)
    await press('Revoke', /Tokens revoked/)
    expect(server.count('revoke')).toBe(1)
    const events = screen.getByRole('region', { name: 'Events' }).textContent ?? ''
    expect(events).toContain('state: signed-in, refreshing')
    expect(events).toContain('token-set: refresh')
  })

  it('drops the storage while the session lasts', async () => {
    const { client, server } = await openPanel()
    await press('Drop storage', /records deleted/)
    expect(await server.options.storage?.keys('latchkey/')).toEqual([])
    expect(client.getSnapshot().status).toBe('signed-in')
  })

  it('signs out as another tab would', async () => {
    const { client } = await openPanel()
    await press('Sign out elsewhere', /Another tab signed out/)
    await screen.findByText('signed-out, idle')
    expect(client.getSnapshot().status).toBe('signed-out')
    expect(screen.getByRole('region', { name: 'Events' }).textContent).toContain('signed-out: other-tab')
  })

  it('shows one of several clients, selected by name', () => {
    const work = createTestClient({ session: { claims: { sub: 'alice' } } })
    render(
      <TestOAuthProvider clients={{ work, github: createTestClient() }}>
        <OAuthDevtools initiallyOpen />
      </TestOAuthProvider>,
    )
    expect(screen.getByText('alice')).toBeTruthy()
    fireEvent.change(screen.getByLabelText(/Client/), { target: { value: 'github' } })
    expect(screen.getByText('signed-out, idle')).toBeTruthy()
  })

  it.each(['light', 'dark'])('has no accessibility violation that axe finds, in %s', async (scheme) => {
    await openPanel()
    for (const summary of document.querySelectorAll('details')) summary.open = true
    // Unscrolled, because axe checks the contrast of visible text only.
    document.querySelector<HTMLElement>('.lk-devtools')?.style.setProperty('position', 'static')
    document.querySelector<HTMLElement>('.lk-panel')?.style.setProperty('max-height', 'none')
    // Applies the rules of the style sheet's media query.
    const style = document.querySelector('.lk-devtools style')
    if (style && scheme === 'dark')
      style.textContent = (style.textContent ?? '').replace('@media (prefers-color-scheme: dark)', '@media all')
    const { violations } = await axe.run('.lk-devtools', {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    })
    expect(violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)])).toEqual([])
  })
})
