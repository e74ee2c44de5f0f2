import type { Story } from '../story.js'
import { codeStep } from './code-story.js'
import { apiStep, appStep } from './steps.js'

export const accountsStory: Story = {
  parties: ['user', 'app', 'browser', 'server', 'api'],
  steps: [
    {
      ...codeStep('authorization-request'),
      title: 'The app requests another user',
      explanation:
        '“prompt=select_account” says that the server must let you choose, although it has a session of a user already. Otherwise you would get the same account again.',
      spec: 'OpenID Connect Core 1.0, section 3.1.2.1',
    },
    {
      ...codeStep('user'),
      title: 'You choose the account to add',
    },
    codeStep('authorization-response'),
    codeStep('token-request'),
    appStep('compare', {
      title: 'The app validates the ID token, and compares the user',
      explanation:
        'Signature, issuer, audience, nonce and expiry, as at every sign-in. Then the app looks for the user in its list. An account is the issuer and the user’s ID at it (iss and sub). For a user who is new there is another entry; for one who is in the list, the new session replaces the former. One more than the limit is refused.',
      spec: 'OpenID Connect Core 1.0, section 5.7',
    }),
    appStep('separate', {
      to: 'browser',
      title: 'Each account has its own session',
      explanation:
        'Its own tokens, refreshes and key, stored under its own name. If the server ends one session, the others continue. The app does not switch to another account by itself: you would act as another user without noticing.',
      spec: 'RFC 9700, section 4',
    }),
    apiStep('call', {
      title: 'The app calls the API as the active account',
      explanation:
        'useAuthedFetch() sends the token of the account that is active in this tab. Another tab may use another account.',
      spec: 'RFC 6750, section 2.1',
    }),
  ],
}
