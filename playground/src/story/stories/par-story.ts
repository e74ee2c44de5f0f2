import type { Story } from '../story.js'
import { codeStep } from './code-story.js'

export const parStory: Story = {
  parties: ['user', 'app', 'browser', 'server'],
  steps: [
    codeStep('discovery'),
    codeStep('pkce'),
    {
      id: 'pushed-request',
      from: 'app',
      to: 'server',
      title: 'The app sends the whole request in the background',
      explanation:
        'The parameters that usually are in the URL go straight to the server. It checks them at once, and returns a reference that is valid for a short time and can be used once.',
      spec: 'RFC 9126, section 2.1',
      role: 'pushed-request',
    },
    {
      ...codeStep('authorization-request'),
      title: 'The browser opens the sign-in page with the reference',
      explanation:
        'The URL contains only the client ID and the reference. A user, a browser extension or a proxy cannot read or change the request.',
      spec: 'RFC 9126, section 4',
    },
    codeStep('user'),
    codeStep('authorization-response'),
    codeStep('token-request'),
    codeStep('id-token'),
  ],
}
