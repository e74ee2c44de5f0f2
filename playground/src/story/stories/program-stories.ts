import type { Story } from '../story.js'
import { codeStep } from './code-story.js'
import { appStep, metadataStep, serverStep, tokenStep } from './steps.js'

export const clientCredentialsStory: Story = {
  parties: ['app', 'server', 'api'],
  steps: [
    metadataStep,
    tokenStep({
      title: 'The program authenticates and requests a token',
      explanation:
        'With its secret in a header or in the body, or with a token that is signed with the secret. There is no user and no browser.',
      spec: 'RFC 6749, section 4.4.2',
    }),
    serverStep('check', {
      title: 'The server checks the client, and what it may do',
      explanation: 'It compares the secret, and limits the scope to what is registered for this client.',
      spec: 'RFC 6749, section 2.3.1',
    }),
    {
      id: 'use',
      isElsewhere: true,
      from: 'app',
      to: 'api',
      title: 'The program calls the API for itself',
      explanation: 'There is no refresh token: the program can request a new token at any time.',
      spec: 'RFC 6749, section 4.4.3',
    },
  ],
}

export const serviceAccountStory: Story = {
  parties: ['app', 'server', 'api'],
  steps: [
    appStep('assertion', {
      title: 'The program signs an assertion',
      explanation:
        'A token that is valid for one minute: who signs it (iss), whom it acts for (sub), and which server it is for (aud). Only the program has the private key.',
      spec: 'RFC 7523, section 3',
    }),
    tokenStep({
      title: 'It exchanges the assertion for an access token',
      explanation: 'No secret is sent. A recorded assertion has expired a minute later.',
      spec: 'RFC 7523, section 2.1',
    }),
    serverStep('check', {
      title: 'The server verifies it with the public key',
      explanation: 'The server trusts this issuer, and decides which user it may act for.',
      spec: 'RFC 7523, section 3',
    }),
    {
      id: 'use',
      isElsewhere: true,
      from: 'app',
      to: 'api',
      title: 'The program calls the API',
      explanation: 'As the user whom the server decided on. When the token expires, the program signs the next assertion.',
      spec: 'RFC 6750, section 2.1',
    },
  ],
}

export const passwordStory: Story = {
  parties: ['user', 'app', 'server'],
  steps: [
    {
      id: 'password',
      from: 'user',
      to: 'app',
      title: 'You type your password into the app',
      explanation: 'From now on the app, its scripts and its extensions know it. A second factor or a passkey is not possible.',
      spec: 'RFC 9700, section 2.4',
    },
    tokenStep({
      title: 'The app sends it to the server',
      explanation: 'The server cannot tell a good app from a bad one: both have the password.',
      spec: 'RFC 6749, section 4.3.2',
    }),
    appStep('tokens', {
      title: 'The app has tokens, and should forget the password',
      explanation: 'A refresh token makes that possible. Whether the app does it, the user cannot see.',
      spec: 'RFC 6749, section 4.3',
    }),
  ],
}

export const registrationStory: Story = {
  parties: ['app', 'browser', 'server'],
  steps: [
    {
      id: 'registration',
      from: 'app',
      to: 'server',
      title: 'The app sends its metadata',
      explanation:
        'Its name, its redirect URIs, its grant types, and how it authenticates. Without a developer, and without a form.',
      spec: 'RFC 7591, section 3.1',
      role: 'registration',
    },
    serverStep('check', {
      title: 'The server checks each value',
      explanation:
        'It refuses what it does not support, and may change values. The response is what counts. The name is only a claim, so the server shows the host too.',
      spec: 'RFC 7591, section 5',
    }),
    appStep('stored', {
      title: 'The app stores its client ID',
      explanation: 'With the registration access token it can read, change and delete its registration later.',
      spec: 'RFC 7592, section 2',
    }),
    {
      ...codeStep('authorization-request'),
      title: 'The app signs users in with the new client ID',
      explanation: 'Use the new client in the playground, then sign in: the server’s page shows its name.',
      role: undefined,
      isElsewhere: true,
    },
  ],
}
