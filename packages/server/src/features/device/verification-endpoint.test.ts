import { describe, expect, it } from 'vitest'
import { device } from './device.js'
import { asPage, json, testBrowser, type Page, type TestBrowser } from '../../server/test-browser.fixture.js'
import { ISSUER, testServer, type TestServer } from '../../server/test-server.fixture.js'

interface DeviceRequest extends TestServer {
  readonly userCode: string
  readonly complete: string
  readonly poll: () => Promise<Record<string, string>>
}

async function requestAsDevice(): Promise<DeviceRequest> {
  const made = await testServer({ features: [device()] })
  const post = async (path: string, body: Record<string, string>): Promise<Record<string, string>> =>
    json(await made.server.fetch(new Request(ISSUER + path, { method: 'POST', body: new URLSearchParams(body) })))
  const authorization = await post('/device_authorization', { client_id: 'spa', scope: 'openid' })
  const { device_code: code = '', user_code: userCode = '', verification_uri_complete: complete = '' } = authorization
  const grant_type = 'urn:ietf:params:oauth:grant-type:device_code'
  return { ...made, userCode, complete, poll: () => post('/token', { grant_type, client_id: 'spa', device_code: code }) }
}

/** @returns the consent page, for a user who has signed in */
async function consentPage(browser: TestBrowser, complete: string): Promise<Page> {
  const page = await asPage(await browser.get(complete))
  return asPage(await browser.submit(page, { action: 'sign-in', username: 'alice', password: 'wonderland' }))
}

describe('device page', () => {
  it('shows the device’s code to compare, and no redirect host (RFC 8628, section 3.3.1)', async () => {
    const { server, complete, userCode } = await requestAsDevice()
    const { text } = await consentPage(testBrowser(server), complete)
    expect(text).toContain(`on the device that shows <code>${userCode}</code>`)
    expect(text).not.toContain(new URL(ISSUER).host)
    const typedLoosely = complete.replace(userCode, userCode.toLowerCase().replace('-', ' '))
    expect((await consentPage(testBrowser(server), typedLoosely)).text).toContain(userCode)
  })

  it('shows the result to one of two browsers that decide at once, and to the other that it was too late (RFC 8628, section 3.3)', async () => {
    const { server, complete, poll } = await requestAsDevice()
    const browsers = [testBrowser(server), testBrowser(server)] as const
    const pages = await Promise.all(browsers.map((browser) => consentPage(browser, complete)))
    const responses = browsers.map((browser, index) =>
      browser.submit(pages[index] as Page, { action: index === 0 ? 'deny' : 'consent' }),
    )
    const texts = (await Promise.all((await Promise.all(responses)).map((response) => response.text()))).join()
    const isAllowed = 'access_token' in (await poll())
    expect([texts.includes('Your device is connected'), texts.includes('Access denied')]).toEqual([isAllowed, !isAllowed])
    expect(texts).toContain('used in another window')
  })
})
