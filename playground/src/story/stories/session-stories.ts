import type { Story } from '../story.js'
import { apiStep, appStep, serverStep } from './steps.js'

export const refreshStory: Story = {
  parties: ['app', 'browser', 'server'],
  steps: [
    appStep('lock', {
      to: 'browser',
      title: 'One tab takes the lock',
      explanation:
        'All tabs and all components may notice the expiry at once. A Web Lock lets one of them refresh; the others wait and take over its result.',
      spec: 'RFC 9700, section 4.14',
    }),
    {
      id: 'refresh',
      from: 'app',
      to: 'server',
      title: 'The app sends the refresh token',
      explanation: 'One request, in the background. The user sees nothing of it.',
      spec: 'RFC 6749, section 6',
      role: 'refresh-request',
    },
    serverStep('rotate', {
      title: 'The server replaces the refresh token',
      explanation:
        'Each refresh token works once. If an old one is used again, someone has copied it: the server ends the session.',
      spec: 'RFC 9700, section 4.14.2',
    }),
    appStep('store', {
      to: 'browser',
      title: 'The app stores the new tokens and tells the other tabs',
      explanation: 'Components that show the user’s name do not render again: only what uses the token does.',
      spec: 'RFC 6749, section 6',
    }),
  ],
}

export const revocationStory: Story = {
  parties: ['app', 'browser', 'server'],
  steps: [
    {
      id: 'revocation',
      from: 'app',
      to: 'server',
      title: 'The app revokes its tokens',
      explanation: 'The refresh token first: with it, the server also ends the access tokens that belong to it.',
      spec: 'RFC 7009, section 2.1',
      role: 'revocation',
    },
    appStep('remove', {
      to: 'browser',
      title: 'The app removes the tokens from this browser',
      explanation: 'In all tabs, and also if the server cannot be reached. A refresh that is in flight cannot bring them back.',
      spec: 'RFC 9700, section 4',
    }),
    {
      id: 'end-session',
      from: 'app',
      to: 'server',
      via: 'browser',
      title: 'The browser visits the server’s sign-out page',
      explanation:
        '“id_token_hint” says whose session ends. “Sign out of this app” leaves this step out: the next sign-in then needs no input.',
      spec: 'OpenID Connect RP-Initiated Logout 1.0, section 2',
      role: 'end-session',
    },
    {
      id: 'return',
      from: 'server',
      to: 'app',
      via: 'browser',
      title: 'The browser returns to the app',
      explanation: 'To the registered address, and only if the server knows the app by the hint.',
      spec: 'OpenID Connect RP-Initiated Logout 1.0, section 3',
    },
  ],
}

export const apiStory: Story = {
  parties: ['app', 'server', 'api'],
  steps: [
    appStep('allowed', {
      title: 'The client checks the address',
      explanation:
        'The token goes only to addresses that are among the app’s resources. Another address is refused before anything is sent.',
      spec: 'RFC 9700, section 4.9',
    }),
    apiStep('call', {
      title: 'The app calls the API with the access token',
      explanation: 'In the Authorization header. If the token has expired, it is refreshed first, once for all calls.',
      spec: 'RFC 6750, section 2.1',
      where: ({ sent }) => sent.some(({ name }) => name === 'Authorization'),
    }),
    {
      id: 'validate',
      from: 'api',
      to: 'api',
      title: 'The API validates the token by itself',
      explanation:
        'The signature with the server’s public keys, the issuer, the audience, the expiry and the scope. It need not ask the server.',
      spec: 'RFC 9068, section 4',
    },
  ],
}

export const userInfoStory: Story = {
  parties: ['app', 'server'],
  steps: [
    appStep('claims', {
      title: 'The app reads the claims of the ID token',
      explanation: 'They were validated at the sign-in and are stored: available at once, also after a reload and offline.',
      spec: 'OpenID Connect Core 1.0, section 2',
    }),
    {
      id: 'userinfo',
      from: 'app',
      to: 'server',
      title: 'The app requests the user’s claims',
      explanation:
        'From the UserInfo endpoint, with the access token, as at an API. The scope decides which claims are returned.',
      spec: 'OpenID Connect Core 1.0, section 5.3.1',
      role: 'userinfo',
    },
    appStep('sub', {
      title: 'The app compares the user',
      explanation: '“sub” must be the one of the ID token. Otherwise the response belongs to another user and is rejected.',
      spec: 'OpenID Connect Core 1.0, section 5.3.2',
    }),
  ],
}
