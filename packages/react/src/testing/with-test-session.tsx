import type { ReactElement } from 'react'
import { TestOAuthProvider, type TestOAuthProviderProps } from './test-oauth-provider.js'
import type { TestSession } from './test-session.js'

/** The part of a story's context that is read. */
interface StoryContext {
  readonly parameters: Readonly<Record<string, unknown>>
}

/** A story in the session of its parameter `auth`. */
export type SessionDecorator = (Story: () => ReactElement, context: StoryContext) => ReactElement

/**
 * Decorator for Storybook: renders each story in the session of its parameter `auth`, which is a session (`'signed-in'`, `{ claims }`) or the
 * props of `<TestOAuthProvider>`.
 *
 * @example
 * // .storybook/preview.tsx
 * export default { decorators: [withTestSession], parameters: { auth: 'signed-in' } }
 * // menu.stories.tsx
 * export const SignedOut = { parameters: { auth: 'signed-out' } }
 */
export const withTestSession: SessionDecorator = (Story, { parameters }) => {
  const auth = parameters['auth'] as TestSession<unknown> | TestOAuthProviderProps<unknown> | undefined
  const props = isProps(auth) ? auth : { session: auth }
  // A change of the parameter, by hand or by hot reload, shows another session: the provider applies it.
  return (
    <TestOAuthProvider<unknown> {...props}>
      <Story />
    </TestOAuthProvider>
  )
}

function isProps(
  auth: TestSession<unknown> | TestOAuthProviderProps<unknown> | undefined,
): auth is TestOAuthProviderProps<unknown> {
  return typeof auth === 'object' && !('claims' in auth) && !('status' in auth)
}
