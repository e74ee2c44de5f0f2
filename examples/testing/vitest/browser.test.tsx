import { renderWithAuth } from '@latchkey/react/testing'
import { expect, test } from 'vitest'
import { render } from 'vitest-browser-react'
import { App } from '../src/app'
import { createServer } from '../src/test-server'

test('shows the orders of the user who is signed in', async () => {
  const screen = await renderWithAuth(<App />, { server: createServer(), render })
  await expect.element(screen.getByRole('heading')).toHaveTextContent('Orders of Alice')
  await expect.element(screen.getByText('coffee')).toBeVisible()
})

test('signs in and out, and shows that the session has expired', async () => {
  const screen = await renderWithAuth(<App />, { server: createServer(), user: null, render })
  await screen.getByRole('button', { name: 'Sign in' }).click()
  await screen.getByRole('button', { name: 'Sign out' }).click()
  await screen.getByRole('button', { name: 'Sign in' }).click()
  await expect.element(screen.getByRole('heading')).toBeVisible()
  screen.server.endSessions()
  await expect.element(screen.getByRole('alert')).toHaveTextContent('Your session has expired.')
})
