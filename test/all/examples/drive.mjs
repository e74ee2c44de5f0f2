import assert from 'node:assert/strict'

const DEEP_LINK = '/orders?page=2#row-2'

/**
 * What a user does with an example. All examples have the same pages and buttons.
 *
 * @param {import('playwright-core').Browser} browser
 * @param {string} origin
 */
export async function drive(browser, origin) {
  const context = await browser.newContext()
  context.setDefaultTimeout(60_000)
  const page = await context.newPage()
  const problems = listen(page)
  const tokenRequests = countTokenRequests(page)
  const orders = page.getByRole('heading', { name: 'Orders of Ada Lovelace' })

  await page.goto(origin + DEEP_LINK)
  await page.getByRole('button', { name: 'Ada Lovelace' }).click()
  await orders.waitFor()
  await page.getByText('Page 2, #row-2').waitFor()
  assert.equal(page.url(), origin + DEEP_LINK)

  await page.reload()
  await orders.waitFor()
  assert.equal(page.url(), origin + DEEP_LINK)
  assert.equal(tokenRequests(), 1, 'a reload requests no tokens')

  const refreshed = page.waitForResponse((response) => isTokenRequest(response.request()))
  await page.getByRole('button', { name: 'Refresh' }).click()
  assert.equal((await refreshed).status(), 200)
  await orders.waitFor()

  await page.getByRole('link', { name: 'Home' }).click()
  await page.getByRole('heading', { name: 'Everyone can read this page' }).waitFor()
  // The app shows "Sign in" before it navigates to the server, which must end its session too.
  await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name: 'Sign out' }).click()])
  await page.getByRole('button', { name: 'Sign in' }).waitFor()

  assert.equal(problems.join('\n'), '')
  await cancelOnce(page, origin)
  // React logs what an error boundary has shown.
  assert.equal(problems.filter((text) => !text.includes('"access_denied"')).join('\n'), '')
  await context.close()
}

/**
 * A sign-in that the user cancels is shown, and can be tried again.
 *
 * @param {import('playwright-core').Page} page
 * @param {string} origin
 */
async function cancelOnce(page, origin) {
  await page.getByRole('link', { name: 'Orders' }).click()
  await page.getByRole('button', { name: 'Cancel' }).click()
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByRole('button', { name: 'Ada Lovelace' }).click()
  await page.getByRole('heading', { name: 'Orders of Ada Lovelace' }).waitFor()
  // React Router does not tell a loader the fragment of a link in the page.
  assert.equal(page.url().replace(/#.*/, ''), origin + DEEP_LINK.replace(/#.*/, ''))
}

/** @returns {string[]} errors and warnings of the console, and what nothing catches */
function listen(/** @type {import('playwright-core').Page} */ page) {
  /** @type {string[]} */
  const problems = []
  page.on('pageerror', (error) => problems.push(String(error)))
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) problems.push(message.text())
  })
  return problems
}

function countTokenRequests(/** @type {import('playwright-core').Page} */ page) {
  let count = 0
  page.on('request', (request) => {
    if (isTokenRequest(request)) count++
  })
  return () => count
}

function isTokenRequest(/** @type {import('playwright-core').Request} */ request) {
  return request.method() === 'POST' && new URL(request.url()).pathname.endsWith('/token')
}
