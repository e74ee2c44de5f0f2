import assert from 'node:assert/strict'

/**
 * Adds two accounts by popup, switches between them, reloads, and signs out one and then all.
 *
 * @param {import('playwright-core').Browser} browser
 * @param {string} origin
 */
export async function driveAccounts(browser, origin) {
  const context = await browser.newContext()
  context.setDefaultTimeout(60_000)
  const page = await context.newPage()
  /** @type {string[]} */
  const problems = []
  page.on('pageerror', (error) => problems.push(String(error)))
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) problems.push(message.text())
  })
  /** @param {string} name */
  const add = async (name) => {
    const [popup] = await Promise.all([page.waitForEvent('popup'), page.getByRole('button', { name: 'Add an account' }).click()])
    const user = popup.getByRole('button', { name })
    const other = popup.getByRole('button', { name: 'Use another account' })
    await user.or(other).first().waitFor()
    if (await other.isVisible()) await other.click()
    await Promise.all([popup.waitForEvent('close'), user.click()])
    await page.getByRole('button', { name, exact: true }).waitFor()
  }
  /** @param {string} email */
  const shows = (email) => page.getByText(`Email: ${email}`).waitFor()

  await page.goto(origin)
  await page.getByText('No account is signed in.').waitFor()
  await add('Ada Lovelace')
  await shows('ada@example.com')
  await add('Alan Turing')
  await shows('alan@example.com')
  await page.getByRole('button', { name: 'Ada Lovelace', exact: true }).click()
  await shows('ada@example.com')

  await page.reload()
  await shows('ada@example.com')
  await page.getByRole('button', { name: 'Sign out Ada Lovelace' }).click()
  await shows('alan@example.com')
  assert.equal(await page.getByRole('button', { name: 'Ada Lovelace', exact: true }).count(), 0)

  await add('Ada Lovelace')
  // The app navigates to the server, which would abort a navigation of this test.
  await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name: 'Sign out all' }).click()])
  const confirm = page.getByRole('button', { name: 'Sign out', exact: true })
  const empty = page.getByText('No account is signed in.')
  await confirm.or(empty).first().waitFor()
  await page.goto(origin)
  await empty.waitFor()
  assert.equal(problems.join('\n'), '')
  await context.close()
}
