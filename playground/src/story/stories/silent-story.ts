import type { Story } from '../story.js'
import { codeStep } from './code-story.js'

export const silentStory: Story = {
  parties: ['app', 'browser', 'server'],
  steps: [
    codeStep('discovery'),
    codeStep('pkce'),
    {
      ...codeStep('authorization-request'),
      title: 'A hidden frame opens the sign-in address',
      explanation: '“prompt=none” says that the server must not show a page. The user sees nothing and clicks nothing.',
      spec: 'OpenID Connect Core 1.0, section 3.1.2.1',
    },
    {
      id: 'session',
      from: 'browser',
      to: 'server',
      title: 'The browser sends the server’s cookie',
      explanation:
        'By it, the server finds its own session. In a frame on another site, Safari and Firefox hide the cookie, and Chromium can: then the server finds no session. If the server’s page forbids frames, there is no response at all.',
      spec: 'OpenID Connect Core 1.0, section 3.1.2.3',
    },
    {
      ...codeStep('authorization-response'),
      title: 'The frame returns with a code, or with an error',
      explanation:
        'The error “login_required” is no failure of the app: no user is signed in at the server. The frame sends the response to the page by a channel of this origin, and is removed.',
      spec: 'OpenID Connect Core 1.0, section 3.1.2.6',
    },
    codeStep('token-request'),
    codeStep('id-token'),
  ],
}
