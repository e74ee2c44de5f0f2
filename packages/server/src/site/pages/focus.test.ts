import { describe, expect, it } from 'vitest'
import { asPage, authorizePath, signIn, testBrowser } from '../../server/test-browser.fixture.js'
import { testServer } from '../../server/test-server.fixture.js'
import { userSite } from '../user-site.js'

/** A key that was pressed for another page must not be the click that a native client needs (RFC 8252, section 8.6). */
describe('no button that decides has the focus when its page opens', () => {
  it.each([
    ['of the signed-in user', authorizePath({ prompt: 'select_account' })],
    ['of the consent', authorizePath({ prompt: 'consent' })],
    ['of the sign-out', '/oauth/end-session'],
  ])('%s', async (_page, path) => {
    const { server } = await testServer()
    const browser = testBrowser(server)
    await signIn(browser)
    const { text } = await asPage(await browser.get(path))
    expect(text).toContain('<button')
    expect(text).not.toContain('autofocus')
  })

  it('of a user who signs in with one click: the hinted one is the first', async () => {
    const site = userSite({ users: ['alice', 'bob', 'carol'].map((sub) => ({ sub })) })
    const { server } = await testServer({ site })
    const { text } = await asPage(await testBrowser(server).get(authorizePath({ login_hint: 'bob' })))
    expect(text).not.toContain('autofocus')
    expect([...text.matchAll(/name="user" value="(\w+)"/g)].map(([, user]) => user)).toEqual(['bob', 'alice', 'carol'])
  })
})
