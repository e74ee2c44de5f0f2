// What `npm start` serves. The other pages and flows are in the tests of the bundle.
import { describe, expect } from 'vitest'
import { openPath, pagePaths, playgroundTest, serveByStart, signIn, signInByPopup, visit } from './visit-playground.fixture.js'

const it = playgroundTest(serveByStart)

describe('the playground', () => {
  it('signs in by redirect, shows the user, refreshes, calls the API and signs out', async ({ open, url }) => {
    const { page, context, errors } = await open()
    await signIn(page)
    expect(page.url()).toBe(url)
    // While the session is restored, nothing says that no user is signed in.
    await context.addInitScript(() => {
      const texts: string[] = []
      Object.assign(window, { texts })
      const observer = new MutationObserver(() => texts.push(document.body?.innerText ?? ''))
      observer.observe(document, { childList: true, subtree: true, characterData: true })
    })
    await page.reload()
    await page.getByRole('heading', { name: 'You are signed in' }).waitFor()
    const texts = await page.evaluate(() => (window as unknown as { texts: string[] }).texts.join())
    expect(texts).toContain('Restoring the session')
    expect(texts).not.toMatch(/not signed in|signed out/i)
    await visit(page, 'User')
    await page.getByRole('region', { name: 'From the UserInfo endpoint' }).getByText('ada@example.com').waitFor()
    await visit(page, 'Tokens')
    await page.getByRole('button', { name: 'Decode the ID token' }).click()
    await page.getByRole('region', { name: 'ID token' }).getByText('RS256').waitFor()
    await page.getByRole('button', { name: 'Refresh now' }).click()
    await page.getByText(/^Refreshed at/).waitFor()
    await visit(page, 'Call an API')
    await page.getByRole('button', { name: 'Call with token' }).click()
    await page.getByText('Hello, ada').first().waitFor()
    await page.getByRole('button', { name: 'Call without token' }).click()
    await page.getByText('The API rejected the request.').waitFor()
    await visit(page, 'Sign out')
    await page.getByRole('button', { name: 'Sign out', exact: true }).click()
    await page.getByText('Not signed in').waitFor()
    expect(errors).toEqual([])
  })

  it('keeps two accounts side by side, also after a reload, and signs one out', async ({ open }) => {
    const { page, errors } = await open('accounts')
    const add = async (name: string): Promise<void> => {
      const button = page.getByRole('button', { name: 'Add an account' })
      const [popup] = await Promise.all([page.waitForEvent('popup'), button.click()])
      const other = popup.getByRole('button', { name: 'Use another account' })
      const user = popup.getByRole('button', { name })
      await other.or(user).first().waitFor()
      if (await other.count()) await other.click()
      await Promise.all([popup.waitForEvent('close'), user.click()])
    }
    await add('Ada Lovelace')
    await page.getByRole('button', { name: 'Sign out Ada Lovelace' }).waitFor()
    await add('Alan Turing')
    await page.getByRole('button', { name: 'Switch to Ada Lovelace' }).click()
    await page.reload()
    await page.getByRole('button', { name: 'Switch to Alan Turing' }).waitFor()
    await page.getByRole('button', { name: 'Call /api/me' }).click()
    await page.getByText('"ada"').waitFor()
    await page.getByRole('button', { name: 'Sign out Ada Lovelace' }).click()
    await page.getByRole('button', { name: 'Switch to Alan Turing' }).waitFor({ state: 'detached' })
    expect(await page.getByRole('button', { name: 'Sign out Alan Turing' }).count()).toBe(1)
    expect(errors).toEqual([])
  })

  it('shows every page without an error of React’s development build', async ({ open }) => {
    const { page, errors } = await open()
    await signIn(page)
    for (const path of await pagePaths(page)) await openPath(page, path)
    expect(errors).toEqual([])
  })

  it('explains the sign-in by popup step by step, and masks secrets in the page and in storage', async ({ open }) => {
    const { page } = await open()
    await signInByPopup(page, /^Sign in by popup/)
    await page.getByRole('heading', { name: 'You are signed in' }).waitFor()
    await page.getByRole('button', { name: 'one-time code' }).click()
    expect(await page.getByRole('img', { name: /^Step \d, done$/ }).count()).toBe(8)
    const stored = await page.evaluate(() => JSON.stringify([Object.entries(sessionStorage), document.body.innerText]))
    expect(stored).toContain('••••')
    expect(stored).not.toMatch(/eyJ[\w-]{20}/)
  })
})
