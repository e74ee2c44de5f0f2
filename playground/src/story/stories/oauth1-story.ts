import type { Story } from '../story.js'

export const oauth1Story: Story = {
  parties: ['user', 'app', 'browser', 'server', 'api'],
  steps: [
    {
      id: 'temporary',
      from: 'app',
      to: 'server',
      title: 'The app requests temporary credentials',
      explanation:
        'A signed request with the callback URL. The provider knows the app by its consumer key, and verifies the signature with the consumer secret, which is not sent.',
      spec: 'RFC 5849, section 2.1',
      role: 'temporary-credentials',
    },
    {
      id: 'authorization',
      from: 'app',
      to: 'server',
      via: 'browser',
      title: 'The browser opens the provider’s page',
      explanation: 'The link contains only the temporary token. Links are not signed.',
      spec: 'RFC 5849, section 2.2',
      role: 'oauth1-authorization',
    },
    {
      id: 'user',
      from: 'user',
      to: 'server',
      via: 'browser',
      title: 'You allow the access',
      explanation: 'As in OAuth 2, this happens between you and the provider.',
      spec: 'RFC 5849, section 2.2',
    },
    {
      id: 'callback',
      from: 'server',
      to: 'app',
      via: 'browser',
      title: 'The browser returns with a verifier',
      explanation:
        'The verifier proves that the user who allowed the access is the one in this browser. Without it, an attacker could let you finish a flow that the attacker has begun.',
      spec: 'RFC 5849, section 2.2',
      role: 'oauth1-callback',
    },
    {
      id: 'token',
      from: 'app',
      to: 'server',
      title: 'The app exchanges both for token credentials',
      explanation: 'A token and its secret. They do not expire, so there is no refresh.',
      spec: 'RFC 5849, section 2.3',
      role: 'token-credentials',
    },
    {
      id: 'call',
      from: 'app',
      to: 'api',
      title: 'The app signs each request to the API',
      explanation:
        'Method, address, parameters, time and a random nonce are signed with both secrets. A request that was changed or copied is refused.',
      spec: 'RFC 5849, section 3.4',
      role: 'signed-api',
    },
  ],
}
