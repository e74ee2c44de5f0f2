import { expect, test } from './fixtures'

test('shows the orders of the user, also after a reload', async ({ page, signIn }) => {
  await signIn('bob')
  await expect(page.getByRole('heading')).toHaveText('Orders of Bob')
  await page.reload()
  await expect(page.getByText('milk')).toBeVisible()
})

test('shows that the session has expired', async ({ page, server, signIn }) => {
  await signIn()
  server.revoke()
  await page.reload()
  await expect(page.getByRole('alert')).toHaveText('Your session has expired.')
})

test('signs out', async ({ page, server, signIn }) => {
  await signIn()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible()
  // The button is there before the browser has left for the server.
  await expect.poll(() => server.count('end-session')).toBe(1)
})
