import type { Story } from '../story.js'
import { codeStep } from './code-story.js'
import { appStep } from './steps.js'

export const implicitStory: Story = {
  parties: ['user', 'app', 'browser', 'server'],
  steps: [
    codeStep('discovery'),
    {
      ...codeStep('authorization-request'),
      explanation:
        'The response type requests tokens instead of a code. There is no PKCE, because there is no second request that could prove who sends it.',
      spec: 'RFC 6749, section 4.2.1',
    },
    codeStep('user'),
    {
      ...codeStep('authorization-response'),
      title: 'The browser returns with the tokens in the URL',
      explanation:
        'They are in the fragment, which browsers do not send to servers. But every script of the page, every extension and the history can read it. The client removes it at once.',
      spec: 'RFC 6749, section 4.2.2',
    },
    appStep('id-token', {
      title: 'The app validates the ID token and the hash',
      explanation:
        'The signature, the issuer, the audience and the nonce, as in the code flow. “at_hash” ties the access token to the ID token: without it, anyone could put another access token into the URL.',
      spec: 'OpenID Connect Core 1.0, section 3.2.2.11',
    }),
    appStep('no-refresh', {
      title: 'The app has no refresh token',
      explanation:
        'A refresh token must not be in a URL. When the access token expires, the user signs in again, silently if the server’s session permits it.',
      spec: 'RFC 6749, section 4.2.2',
    }),
  ],
}

export const hybridStory: Story = {
  parties: ['user', 'app', 'browser', 'server'],
  steps: [
    codeStep('discovery'),
    codeStep('pkce'),
    codeStep('authorization-request'),
    codeStep('user'),
    {
      ...codeStep('authorization-response'),
      title: 'The browser returns with a code and tokens',
      explanation:
        'They are in the fragment of the URL. The app knows the user before it sends another request. “c_hash” in the ID token is a hash of the code, so that an attacker cannot exchange the code for another one on the way.',
      spec: 'OpenID Connect Core 1.0, section 3.3.2.5',
    },
    codeStep('token-request'),
    appStep('id-token', {
      title: 'The app compares the two ID tokens',
      explanation:
        'Both must have the same issuer and the same user. Each is validated like the one of the code flow, and the hashes must match the code and the access token.',
      spec: 'OpenID Connect Core 1.0, section 3.3.3.6',
    }),
    codeStep('storage'),
  ],
}

export const jarmStory: Story = {
  parties: ['user', 'app', 'browser', 'server'],
  steps: [
    codeStep('discovery'),
    codeStep('pkce'),
    codeStep('authorization-request'),
    codeStep('user'),
    {
      ...codeStep('authorization-response'),
      title: 'The browser returns with one signed response',
      explanation:
        'The URL has a single parameter, “response”: a signed token with the code, the state, the issuer, the audience and an expiry.',
      spec: 'JWT Secured Authorization Response Mode for OAuth 2.0 (JARM), section 2.3',
    },
    appStep('response', {
      title: 'The app validates the signed response',
      explanation:
        'A response that was changed, that another server signed, that is for another client or that has expired is rejected before the code is used.',
      spec: 'JWT Secured Authorization Response Mode for OAuth 2.0 (JARM), section 2.4',
    }),
    codeStep('token-request'),
    codeStep('id-token'),
  ],
}

export const jarStory: Story = {
  parties: ['user', 'app', 'browser', 'server'],
  steps: [
    appStep('signature', {
      title: 'The app signs its request',
      explanation:
        'All parameters become the claims of one signed token, the request object. The private key cannot be exported from this browser.',
      spec: 'RFC 9101, section 4',
    }),
    {
      ...codeStep('authorization-request'),
      title: 'The browser opens the sign-in page with the signed request',
      explanation:
        'The token is in the URL, or the URL has a reference to it. Parameters beside the token have no effect, so a changed URL changes nothing.',
      spec: 'RFC 9101, section 5',
    },
    {
      id: 'verify',
      from: 'server',
      to: 'server',
      title: 'The server verifies the signature',
      explanation:
        'It knows the client’s public key from the registration. It refuses an unsigned request of a client that is registered to sign.',
      spec: 'RFC 9101, section 6.3',
    },
    codeStep('user'),
    codeStep('authorization-response'),
    codeStep('token-request'),
    codeStep('id-token'),
  ],
}

export const rarStory: Story = {
  parties: ['user', 'app', 'browser', 'server', 'api'],
  steps: [
    codeStep('pkce'),
    {
      ...codeStep('authorization-request'),
      title: 'The app requests exactly one operation',
      explanation:
        '“authorization_details” is a list of JSON objects: the type, the actions, and for a payment the amount and the payee. A scope could only say “payments”.',
      spec: 'RFC 9396, section 2',
    },
    {
      ...codeStep('user'),
      title: 'You see the operation and decide',
      explanation:
        'The server checks each detail, shows it in words and requires a decision every time. A changed amount is another request.',
      spec: 'RFC 9396, section 4',
    },
    codeStep('authorization-response'),
    {
      ...codeStep('token-request'),
      title: 'The token response says what was granted',
      explanation:
        'The response contains the granted details, which may be fewer than the requested ones. The app compares before it goes on.',
      spec: 'RFC 9396, section 7',
    },
    {
      id: 'api',
      isElsewhere: true,
      from: 'api',
      to: 'api',
      title: 'The API finds the details in the token',
      explanation: 'The access token has the same details as a claim. The API permits this operation and nothing else.',
      spec: 'RFC 9396, section 9.1',
    },
  ],
}
