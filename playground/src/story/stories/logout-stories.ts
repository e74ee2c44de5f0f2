import type { Story, StoryStep } from '../story.js'
import { codeStep } from './code-story.js'
import { appStep } from './steps.js'

const signInStep: StoryStep = {
  ...codeStep('token-request'),
  title: 'You sign in, and the app receives tokens',
  explanation: 'The ID token has a session ID, “sid”. The server remembers which apps got tokens in this session.',
  spec: 'OpenID Connect Back-Channel Logout 1.0, section 2.1',
}

const endSessionStep: StoryStep = {
  id: 'end-session',
  from: 'user',
  to: 'server',
  via: 'browser',
  title: 'You sign out at the server',
  explanation: 'Or in another app, or an administrator ends the session. This app takes no part in it.',
  spec: 'OpenID Connect RP-Initiated Logout 1.0, section 2',
  role: 'end-session',
}

export const backChannelStory: Story = {
  parties: ['user', 'app', 'browser', 'api', 'server'],
  steps: [
    {
      id: 'registration',
      from: 'app',
      to: 'server',
      title: 'The app registers the address of its API',
      explanation: 'As “backchannel_logout_uri”. Usually a developer does that once, by hand.',
      spec: 'OpenID Connect Back-Channel Logout 1.0, section 2.2',
      role: 'registration',
    },
    signInStep,
    {
      id: 'stream',
      from: 'app',
      to: 'api',
      title: 'The tab opens a stream to its API',
      explanation: 'useBackChannelLogout() does that, with the access token. The API sends nothing until the session ends.',
      spec: 'RFC 6750, section 2.1',
      role: 'api',
      where: ({ url }) => url.endsWith('/events'),
    },
    endSessionStep,
    {
      id: 'logout-token',
      from: 'server',
      to: 'api',
      title: 'The server sends a logout token to the API',
      explanation:
        'From server to server: no browser can block it. The token is signed. It has the session (sid), the user (sub), the app that it is for (aud), and an ID that is used once (jti).',
      spec: 'OpenID Connect Back-Channel Logout 1.0, section 2.5',
      role: 'back-channel-logout',
    },
    {
      id: 'verify',
      from: 'api',
      to: 'api',
      title: 'The API validates the token',
      explanation:
        'createLogoutVerifier() checks the signature, the issuer, the audience, the age and the event. A token with a nonce is refused: it would be an ID token. So is one that was used before.',
      spec: 'OpenID Connect Back-Channel Logout 1.0, section 2.6',
    },
    {
      id: 'event',
      from: 'api',
      to: 'app',
      title: 'The API notifies the tabs of this session',
      explanation: 'createLogoutChannel() sends the event “logout” to the streams whose session has ended, and to no other.',
      spec: 'OpenID Connect Back-Channel Logout 1.0, section 2.7',
      role: 'logout-event',
    },
    appStep('remove', {
      title: 'The app removes the session',
      explanation: 'In all tabs, without a request: the server has revoked the tokens already.',
      spec: 'OpenID Connect Back-Channel Logout 1.0, section 2.7',
    }),
  ],
}

export const frontChannelStory: Story = {
  parties: ['user', 'app', 'browser', 'server'],
  steps: [
    {
      id: 'registration',
      from: 'app',
      to: 'server',
      title: 'The app registers a page for sign-outs',
      explanation: 'As “frontchannel_logout_uri”. Usually a developer does that once, by hand.',
      spec: 'OpenID Connect Front-Channel Logout 1.0, section 2',
      role: 'registration',
    },
    signInStep,
    endSessionStep,
    {
      id: 'frame',
      from: 'server',
      to: 'browser',
      title: 'The server’s page opens the app’s page in a hidden frame',
      explanation:
        'Its URL has the issuer (iss) and the session (sid). If server and app are on different sites, Safari and Firefox show this page an empty storage, and Chromium can: then it finds no session.',
      spec: 'OpenID Connect Front-Channel Logout 1.0, section 3',
      role: 'front-channel-logout',
    },
    {
      id: 'compare',
      from: 'browser',
      to: 'browser',
      title: 'The page compares both with the stored session',
      explanation:
        'handleFrontChannelLogout() does that. Any website can open this page in a frame, so a request that does not name this session changes nothing.',
      spec: 'OpenID Connect Front-Channel Logout 1.0, section 3',
    },
    {
      id: 'event',
      from: 'browser',
      to: 'app',
      title: 'The page removes the session and notifies the open tabs',
      explanation: 'By a message that only pages of the app’s own origin can send.',
      spec: 'OpenID Connect Front-Channel Logout 1.0, section 3',
      role: 'logout-event',
    },
    appStep('remove', {
      title: 'The app shows that you are signed out',
      explanation: 'Without a request: the server has revoked the tokens already.',
      spec: 'OpenID Connect Front-Channel Logout 1.0, section 2',
    }),
  ],
}
