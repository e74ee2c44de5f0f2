import { readFile } from 'node:fs/promises'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { callbackPage } from './callback-page.js'
import { DISTINCTIVE, RESPONSE_PARAMETERS, TAKE_RESPONSE, UNUSED_RESPONSE } from './take-response.js'

interface FakePage {
  readonly location: URL
  readonly history: { state: unknown; replaceState(state: unknown, unused: string, url: URL): void }
  readonly sessionStorage: Record<string, string>
  latchkeyCallback?: () => string
  /** What the script does after ten seconds. */
  later: () => void
  readonly warnings: string[]
}

function runIn(address: string, sessionStorage: Record<string, string> = {}): FakePage {
  const location = new URL(address)
  const history: FakePage['history'] = {
    state: { kept: true },
    replaceState(state, _unused, url) {
      expect(state).toEqual({ kept: true })
      location.href = new URL(url, location).href
    },
  }
  const window: FakePage = { location, history, sessionStorage, later: () => undefined, warnings: [] }
  const setTimeout = (work: () => void): void => void (window.later = work)
  const console = { warn: (text: string) => window.warnings.push(text) }
  runInNewContext(TAKE_RESPONSE, { window, URL, URLSearchParams, atob, sessionStorage, setTimeout, console })
  return window
}

const STATE = 'lk.abc123.r.random'
const JWT = `e30.${Buffer.from(JSON.stringify({ state: STATE })).toString('base64url')}.signature`

describe('the first script of a page', () => {
  it.each([
    [`?code=1&state=${STATE}&iss=https%3A%2F%2Fid.example&session_state=2`, ''],
    [`?tab=2&error=access_denied&error_description=no&state=${STATE}`, '?tab=2'],
    [`#access_token=1&id_token=2&token_type=Bearer&expires_in=60&state=${STATE}`, ''],
    [`?response=${JWT}`, ''],
    [`#code=1&response=${JWT}`, ''],
    [`?state=${STATE.replace('.r.', '.o.')}`, ''],
    // The client reads a state alone only where there is no response.
    [`?state=other#code=1&state=${STATE.replace('.r.', '.p.')}`, '?state=other'],
    [`?${RESPONSE_PARAMETERS.map((name) => `${name}=${name === 'state' ? STATE : '1'}`).join('&')}&kept=1`, '?kept=1'],
  ])('removes %s as the client would, and hands it on once', (response, rest) => {
    const address = `https://app.example/page${response}`
    const page = runIn(address)
    expect(page.location.href).toBe(`https://app.example/page${rest}`)
    expect(Object.keys(page)).not.toContain('latchkeyCallback')
    expect(page.latchkeyCallback?.()).toBe(address)
    expect(page.latchkeyCallback).toBeUndefined()
  })

  it('warns if no client has taken the response, without a part of it', () => {
    const [used, unused, none] = [`?code=secret&state=${STATE}`, `?code=secret&state=${STATE}`, '?code=1'].map((response) =>
      runIn(`https://app.example/page${response}`),
    )
    used?.latchkeyCallback?.()
    for (const page of [used, unused, none]) page?.later()
    expect([used?.warnings, none?.warnings]).toEqual([[], []])
    expect(unused?.warnings).toEqual([UNUSED_RESPONSE])
    expect(UNUSED_RESPONSE).toContain('environment: settings.environment')
  })

  it('knows the parameters that the client knows', async () => {
    // The package does not import the client.
    const client = await readFile(new URL('../../../core/src/sign-in/response-url.ts', import.meta.url), 'utf8')
    const [, list = ''] = /const PARAMETERS = \(([^)]*)\)/.exec(client) ?? []
    const names = [...list.matchAll(/'([^']*)'/g)].map(([, text = '']) => text).join('')
    expect(names.split(' ')).toEqual(RESPONSE_PARAMETERS)
    expect(client).toContain(`const DISTINCTIVE = ${DISTINCTIVE}\n`)
  })

  it('removes a response without a state that has our form, if this tab waits for one', () => {
    const address = 'https://app.example/?code=1&state=custom'
    expect(runIn(address, { 'latchkey/abc/awaiting': '[]' }).location.href).toBe('https://app.example/')
    expect(runIn(address, { 'latchkey/abc/other': '[]' }).location.href).toBe(address)
  })

  it.each(['', '?code=1&state=other', '?state=lk.x', '#/route?code=1', '?response=no-jwt', `?q=${STATE}`])(
    'leaves %j alone',
    (rest) => {
      const page = runIn(`https://app.example/page${rest}`)
      expect(page.location.href).toBe(`https://app.example/page${rest}`)
      expect(page.latchkeyCallback).toBeUndefined()
    },
  )
})

describe('the page as a client sees it', () => {
  const HREF = `https://app.example/page?code=1&state=${STATE}#part`

  function open(): {
    readonly real: Window & typeof globalThis
    readonly page: Window & typeof globalThis
    readonly urls: string[]
  } {
    const urls: string[] = []
    const location = { href: 'https://app.example/page#part', search: '', assign: (url: string) => urls.push(`assign ${url}`) }
    const history = { state: 1, replaceState: (_state: unknown, _unused: string, url: string | URL) => urls.push(String(url)) }
    const real = { location, history, name: 'main', addEventListener: () => urls.push('listening'), URL } as unknown as Window &
      typeof globalThis
    Object.assign(real, { parent: real, window: real })
    return { real, page: callbackPage(real, HREF), urls }
  }

  it('has the response until the client removes it', () => {
    const { page, urls } = open()
    expect([page.location.href, page.location.search]).toEqual([HREF, `?code=1&state=${STATE}`])
    page.history.replaceState(page.history.state, '', 'https://app.example/page#part')
    expect(page.location.href).toBe('https://app.example/page#part')
    expect(page.location.search).toBe('')
    expect(urls).toEqual(['https://app.example/page#part'])
  })

  it('has it again for a popup that continues by itself, but not in the real URL', () => {
    const { page, urls } = open()
    page.history.replaceState(null, '', 'https://app.example/page')
    page.history.replaceState(null, '', HREF)
    expect(page.location.href).toBe(HREF)
    expect(urls).toEqual(['https://app.example/page'])
  })

  it('is the page in all else: methods, classes, values, and no frame of itself', () => {
    const { real, page, urls } = open()
    page.addEventListener('x', () => undefined)
    page.location.assign('https://id.example/')
    Object.assign(page, { shared: 1 })
    expect(urls).toEqual(['listening', 'assign https://id.example/'])
    expect([page.URL === real.URL, 'name' in page, 'other' in page, Reflect.get(real, 'shared')]).toEqual([true, true, false, 1])
    expect(page.parent === page && page.window === page).toBe(true)
  })
})
