import { composeStories, setProjectAnnotations } from '@storybook/react-vite'
import { screen } from '@testing-library/react'
import { test } from 'vitest'
import preview from '../.storybook/preview'
import * as stories from './app.stories'

setProjectAnnotations(preview)
const { SignedIn, SignedOut } = composeStories(stories)

test('each story is in its session', async () => {
  await SignedOut.run()
  screen.getByRole('button', { name: 'Sign in' })
  await SignedIn.run()
  screen.getByText('Orders of Alice')
  await screen.findByText('coffee')
})
