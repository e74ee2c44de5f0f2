import type { Story } from '../story.js'
import { codeStep } from './code-story.js'
import { refreshStory } from './session-stories.js'
import { apiStep, serverStep } from './steps.js'

/** A sign-in, and a refresh directly after it. */
export const signInAndRefreshStory: Story = {
  parties: refreshStory.parties,
  steps: [codeStep('token-request'), ...refreshStory.steps],
}

export const revokeStory: Story = {
  parties: ['app', 'server', 'api'],
  steps: [
    codeStep('token-request'),
    {
      id: 'revocation',
      from: 'app',
      to: 'server',
      title: 'The app revokes a token',
      explanation: 'The response is the same for a valid and for an unknown token: in both cases, the token is not valid now.',
      spec: 'RFC 7009, section 2.1',
      role: 'revocation',
    },
    serverStep('end', {
      title: 'The server ends the token',
      explanation: 'With a refresh token, also the access tokens that belong to it.',
      spec: 'RFC 7009, section 2.1',
    }),
    {
      id: 'refresh',
      from: 'app',
      to: 'server',
      title: 'The app tries to refresh',
      explanation:
        'If the refresh token was revoked, the server refuses (invalid_grant), and the session in the app ends. If only the access token was revoked, the refresh succeeds.',
      spec: 'RFC 6749, section 5.2',
      role: 'refresh-request',
      isRefusal: true,
    },
    apiStep('call', {
      title: 'The app calls an API with the access token',
      explanation:
        'An API that verifies JSON Web Tokens by itself does not know of the revocation, and accepts the token until it expires. An API that uses introspection refuses it.',
      spec: 'RFC 7009, section 3',
    }),
  ],
}
