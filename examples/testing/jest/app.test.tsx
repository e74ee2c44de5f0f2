import { expect, test } from '@jest/globals'
import { renderWithAuth } from '@latchkey/react/testing'
import { fireEvent, screen } from '@testing-library/react'
import { App } from '../src/app'
import { createServer } from '../src/test-server'

test('shows the orders of the user who is signed in', async () => {
  await renderWithAuth(<App />, { server: createServer() })
  expect(screen.getByRole('heading').textContent).toBe('Orders of Alice')
  await screen.findByText('coffee')
})

test('signs in and out', async () => {
  await renderWithAuth(<App />, { server: createServer(), user: null })
  fireEvent.click(screen.getByRole('button', { name: 'Sign in' }))
  await screen.findByText('Orders of Alice')
  fireEvent.click(screen.getByRole('button', { name: 'Sign out' }))
  await screen.findByRole('button', { name: 'Sign in' })
  expect(screen.queryByRole('alert')).toBeNull()
})

test('shows that the session has expired', async () => {
  const { server } = await renderWithAuth(<App />, { server: createServer(), user: 'bob' })
  await screen.findByText('milk')
  server.endSessions()
  expect((await screen.findByRole('alert')).textContent).toBe('Your session has expired.')
})
