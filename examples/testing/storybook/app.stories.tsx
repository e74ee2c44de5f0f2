import type { Meta, StoryObj } from '@storybook/react-vite'
import { App } from '../src/app'

const meta: Meta<typeof App> = { component: App }
export default meta

export const SignedOut: StoryObj<typeof App> = {}

export const SignedIn: StoryObj<typeof App> = {
  parameters: { auth: { session: { claims: { sub: 'alice', name: 'Alice' } }, fetch: () => Response.json(['tea', 'coffee']) } },
}
