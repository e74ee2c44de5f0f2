import type { Story } from '../story.js'
import { codeStep } from './code-story.js'
import { appStep } from './steps.js'

export const popupStory: Story = {
  parties: ['user', 'app', 'browser', 'server'],
  steps: [
    appStep('open', {
      to: 'browser',
      title: 'The app opens an empty popup in the click',
      explanation:
        'Browsers allow a popup only in a click. So the app opens it first, and prepares the request afterwards: metadata, PKCE secret, state and nonce.',
      spec: 'RFC 7636, section 4',
    }),
    {
      ...codeStep('authorization-request'),
      title: 'The popup opens the sign-in page',
      explanation: 'The app stays as it is: nothing that the user has typed into it is lost.',
    },
    codeStep('user'),
    {
      ...codeStep('authorization-response'),
      title: 'The popup passes the code to the app, and closes',
      explanation:
        'By a message that only pages of the app’s own origin can read, and that names the request. The app does not rely on “window.opener” or “closed”: a Cross-Origin-Opener-Policy of the server makes both useless.',
    },
    codeStep('token-request'),
    codeStep('id-token'),
  ],
}
