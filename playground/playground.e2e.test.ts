// What `npm start` serves. The other pages and flows are in the tests of the bundle.
import { describe, expect } from 'vitest'
import { openPath, pagePaths, playgroundTest, serveByStart, signIn, visit } from './visit-playground.fixture.js'

const IS_ALL = import.meta.env.MODE === 'all'
const it = playgroundTest(serveByStart)

describe('the playground', () => {
  it('signs in by redirect, shows its pages and the user, refreshes, calls the API and signs out, without an error of React’s development build', async ({
    open,
    url,
  }) => {
    const { page, context, errors } = await open()
    await signIn(page)
    expect(page.url()).toBe(url)
    // The gate opens every page of the bundle, and here a few of each group.
    for (const path of (await pagePaths(page)).filter((_, index) => IS_ALL || index % 6 === 0)) await openPath(page, path)
    await openPath(page, '/')
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
    expect(texts).toContain('You are signed in')
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
})
