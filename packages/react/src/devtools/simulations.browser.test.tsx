import { createOAuthClient, type OAuthClient } from '@latchkey/core'
import { act, fireEvent, render, screen, within } from '@testing-library/react'
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { OAuthDevtools, withDevtools } from '../devtools.js'
import { callbackUrl, createTestServer } from '../fixtures/authorization-server.fixture.js'
import { openPage } from '../fixtures/open-page.fixture.js'
import { cleanUpAfterEach } from '../fixtures/testing-library.fixture.js'
import { OAuthProvider } from '../index.js'
import type { TestServer } from '../testing.js'

cleanUpAfterEach()
beforeEach(() => sessionStorage.clear())

interface Opened {
  readonly server: TestServer
  readonly client: OAuthClient
}

async function openPanel(): Promise<Opened> {
  const server = createTestServer()
  const client = createOAuthClient(withDevtools(server.options))
  await client.login()
  render(
    <OAuthProvider client={client}>
      <OAuthDevtools initiallyOpen />
    </OAuthProvider>,
  )
  return { server, client }
}

async function press(name: string, outcome: RegExp): Promise<void> {
  fireEvent.click(screen.getByRole('button', { name }))
  await within(screen.getByRole('status')).findByText(outcome)
}

const call = (client: OAuthClient): Promise<Response> => act(() => client.fetch('https://api.example/me'))
const attempts = (): readonly string[] => screen.getAllByRole('heading', { level: 3 }).map(({ textContent }) => textContent)
const checks = (result: string): readonly string[] =>
  [...document.querySelectorAll(`section[aria-label="ID token"] [data-result="${result}"] th`)].map(
    ({ textContent }) => textContent.split(' ')[1] ?? '',
  )

describe('a simulation', () => {
  it('“Offline” fails all requests until it is switched off, and keeps the session', async () => {
    const { server, client } = await openPanel()
    await press('Offline', /Offline: on/)
    expect(screen.getByRole('button', { name: 'Offline' }).getAttribute('aria-pressed')).toBe('true')
    await expect(call(client)).rejects.toThrow('simulation')
    await press('Refresh now', /network|offline|fetch/i)
    expect(client.getSnapshot().status).toBe('signed-in')
    expect(server.count('token')).toBe(1)
    await press('Offline', /Offline: off/)
    expect((await call(client)).status).toBe(200)
  })

  it('“503” fails requests to the server, but not to the APIs', async () => {
    const { server, client } = await openPanel()
    await press('503', /503: on/)
    await press('Refresh now', /503/)
    expect(server.count('token')).toBe(1)
    expect(client.getSnapshot().status).toBe('signed-in')
    expect((await call(client)).status).toBe(200)
    expect(attempts().some((title) => title.includes('Token refresh failed'))).toBe(true)
  })

  it('“Slow” delays responses', async () => {
    const { client } = await openPanel()
    await press('Slow', /Slow: on/)
    vi.useFakeTimers({ toFake: ['setTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    let isAnswered = false
    const response = client.fetch('https://api.example/me').then(() => (isAnswered = true))
    await vi.advanceTimersByTimeAsync(2900)
    expect(isAnswered).toBe(false)
    await act(() => vi.advanceTimersByTimeAsync(200))
    vi.useRealTimers()
    await act(() => response)
  })

  it('“Wrong signature” makes the client refuse the ID token, and the list says which check failed', async () => {
    const { client } = await openPanel()
    await expect
      .poll(() => checks('passed'))
      .toEqual(expect.arrayContaining(['signature', 'iss', 'aud', 'exp', 'iat', 'nonce', 'at_hash']))
    await press('Wrong signature', /Wrong signature: on/)
    await press('Refresh now', /signature/i)
    await expect.poll(() => checks('failed')).toEqual(['signature'])
    expect(client.getSnapshot().error?.code).toBe('invalid_id_token')
    await press('Wrong signature', /off/)
    await press('Refresh now', /Tokens refreshed/)
    await expect.poll(() => checks('failed')).toEqual([])
  })

  it('lasts across a redirect, so that a sign-in can be watched', async () => {
    const server = createTestServer()
    const options = withDevtools(server.options)
    const before = createOAuthClient(options)
    const shown = render(
      <OAuthProvider client={before}>
        <OAuthDevtools initiallyOpen />
      </OAuthProvider>,
    )
    await press('Wrong signature', /on/)
    const url = await callbackUrl(server, (transport) => before.login({ transport }))
    shown.unmount()
    openPage(url)
    render(
      <OAuthProvider {...withDevtools(server.options)}>
        <OAuthDevtools initiallyOpen />
      </OAuthProvider>,
    )
    await expect.poll(() => checks('failed')).toEqual(['signature'])
    expect(checks('passed')).toContain('nonce')
  })

  it('“Another user” changes the user as another tab would', async () => {
    const { client } = await openPanel()
    const changes: unknown[] = []
    onTestFinished(client.on('user-changed', (event) => void changes.push(event)))
    await press('Another user', /Another user is signed in/)
    await expect.poll(() => changes).toEqual([{ formerSubject: 'alice', subject: 'another-user' }])
    expect(client.getSnapshot().claims).toMatchObject({ sub: 'another-user', name: 'Another User' })
  })
})

describe('the messages', () => {
  it('are grouped by attempt, newest first', async () => {
    const { client } = await openPanel()
    await call(client)
    await press('Refresh now', /refreshed/)
    const titles = attempts().filter((title) => /succeeded/.test(title))
    expect(titles.map((title) => title.replace(/ succeeded.*/, '').slice(2))).toEqual(['Token refresh', 'Calls', 'Sign-in'])
  })

  it('can be filtered', async () => {
    const { client } = await openPanel()
    await call(client)
    const region = within(screen.getByRole('region', { name: 'Protocol messages' }))
    const count = (): number => region.queryAllByRole('listitem').length
    const all = count()
    fireEvent.change(region.getByRole('searchbox', { name: 'Filter messages' }), { target: { value: 'token request' } })
    expect(count()).toBe(1)
    fireEvent.change(region.getByRole('searchbox'), { target: { value: '' } })
    expect(count()).toBe(all)
    fireEvent.click(region.getByRole('checkbox', { name: 'Failures only' }))
    expect(count()).toBe(0)
    expect(region.getByText('No message matches the filter.')).toBeTruthy()
  })

  it('are copied as a command and as HTTP, without secrets', async () => {
    const { client } = await openPanel()
    await call(client)
    const copied: string[] = []
    const write = vi.spyOn(navigator.clipboard, 'writeText').mockImplementation(async (text) => void copied.push(text))
    onTestFinished(() => write.mockRestore())
    for (const details of document.querySelectorAll('details')) details.open = true
    for (const name of ['Copy as curl', 'Copy as HTTP'])
      for (const button of screen.getAllByRole('button', { name })) fireEvent.click(button)
    await expect.poll(() => document.querySelectorAll('details').length).toBeGreaterThan(4)
    const text = copied.join('\n')
    expect(text).toContain(`curl 'https://api.example/me'`)
    expect(text).toContain(`'authorization: Bearer '"$ACCESS_TOKEN"`)
    expect(text).toContain('POST /token HTTP/1.1')
    const { accessToken = '?', refreshToken = '?', idToken = '?' } = client.getTokenSet() ?? {}
    for (const secret of [accessToken, refreshToken, idToken]) expect(text).not.toContain(secret)
  })
})

describe('the panel', () => {
  it('explains the claims', async () => {
    await openPanel()
    const region = within(screen.getByRole('region', { name: 'ID token' }))
    expect(region.getByRole('row', { name: /^sub "alice" Subject: the user’s identifier/ })).toBeTruthy()
    expect(region.getByRole('row', { name: /^exp .*20\d\d/ })).toBeTruthy()
  })

  it('shows the tabs, and who holds the refresh lock', async () => {
    const { server, client } = await openPanel()
    const region = within(screen.getByRole('region', { name: 'Tabs' }))
    expect(await region.findByText('This tab')).toBeTruthy()
    expect(region.getByText('free')).toBeTruthy()
    let answer: (() => void) | undefined
    const end = server.respond((request) => {
      if (!request.url.endsWith('/token')) return undefined
      return new Promise((resolve) => (answer = () => resolve(undefined)))
    })
    const refreshed = client.refresh()
    expect(await region.findByText('held by this tab')).toBeTruthy()
    answer?.()
    end()
    await act(() => refreshed)
    expect(await region.findByText('free')).toBeTruthy()
  })

  it('shows what the doctor finds, apart from the messages of the client', async () => {
    await openPanel()
    fireEvent.click(screen.getByRole('button', { name: 'Diagnose' }))
    const region = within(screen.getByRole('region', { name: 'Doctor' }))
    expect(await region.findByText(/checks passed/, undefined, { timeout: 60_000 })).toBeTruthy()
    expect(attempts().some((title) => title.includes('Doctor succeeded'))).toBe(true)
  })
})
