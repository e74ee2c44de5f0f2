import assert from 'node:assert/strict'

/** The browser logs the challenges, which are a part of the flow, and that the MCP server has no event stream. */
const CHALLENGE = /status of 40[135]/

/**
 * Connects to an MCP server of which only the URL is known: discovery, sign-in by the URL of the app's document, tools, a wider scope.
 *
 * @param {import('playwright-core').Browser} browser
 * @param {string} origin
 */
export async function driveMcp(browser, origin) {
  const context = await browser.newContext()
  context.setDefaultTimeout(60_000)
  const page = await context.newPage()
  /** @type {string[]} */
  const problems = []
  page.on('pageerror', (error) => problems.push(String(error)))
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type()) && !CHALLENGE.test(message.text())) problems.push(message.text())
  })

  await page.goto(origin)
  await page.getByRole('button', { name: 'Connect' }).click()
  await page.getByRole('button', { name: 'Ada Lovelace' }).click()
  const request = new URL(page.url()).searchParams
  assert.equal(request.get('client_id'), `${origin}/client-metadata.json`)
  assert.equal(request.get('resource'), `${origin}/mcp`)
  await page.getByText('calls itself').waitFor()
  await page.getByRole('button', { name: 'Allow' }).click()

  await page.getByRole('button', { name: 'list_notes' }).click()
  await page.getByText('Notes of ada').waitFor()

  await page.getByRole('button', { name: 'add_note' }).click()
  const popup = page.waitForEvent('popup')
  await page.getByRole('button', { name: 'Allow more' }).click()
  await (await popup).getByRole('button', { name: 'Allow' }).click()
  await page.getByText('Note at').waitFor()

  await page.reload()
  await page.getByRole('button', { name: 'list_notes' }).click()
  await page.getByText('Note at').waitFor()
  await page.getByRole('button', { name: 'Disconnect' }).click()
  await page.getByRole('button', { name: 'Connect' }).waitFor()
  assert.equal(problems.join('\n'), '')
  await context.close()
}
