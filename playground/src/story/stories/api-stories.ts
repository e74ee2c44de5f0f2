import type { Story } from '../story.js'
import { codeStep } from './code-story.js'
import { apiStep, appStep, metadataStep, tokenStep } from './steps.js'

export const dpopStory: Story = {
  parties: ['user', 'app', 'browser', 'server', 'api'],
  steps: [
    appStep('key', {
      title: 'The app creates a key',
      explanation: 'The private key stays in this browser and cannot be exported, not even by the app.',
      spec: 'RFC 9449, section 2',
    }),
    {
      ...codeStep('authorization-request'),
      explanation: 'As in the code flow. “dpop_jkt” binds the code to the key: only this browser can exchange it.',
      spec: 'RFC 9449, section 10',
    },
    codeStep('user'),
    codeStep('authorization-response'),
    tokenStep({
      title: 'The app proves that it has the key',
      explanation:
        'The DPoP header is a token that is signed for this request: method, address, time and a random ID. The server binds the access token to the key.',
      spec: 'RFC 9449, section 5',
    }),
    codeStep('id-token'),
    apiStep('api', {
      title: 'The app calls the API with token and proof',
      explanation:
        'Each request has a new proof, with a hash of the access token. A copied proof works for no other request, and only once.',
      spec: 'RFC 9449, section 7.1',
      where: ({ sent }) => sent.some(({ name }) => name === 'DPoP'),
    }),
    apiStep('theft', {
      title: 'A thief calls the API with the token alone',
      explanation: 'The API refuses: the token is bound to a key, and there is no proof.',
      spec: 'RFC 9449, section 7.2',
      where: ({ sent }) => !sent.some(({ name }) => name === 'DPoP'),
      isRefusal: true,
    }),
  ],
}

export const resourcesStory: Story = {
  parties: ['user', 'app', 'browser', 'server'],
  steps: [
    codeStep('pkce'),
    {
      ...codeStep('authorization-request'),
      title: 'The app names all its APIs',
      explanation: 'One “resource” parameter for each API. The user agrees once, to all of them.',
      spec: 'RFC 8707, section 2.1',
    },
    codeStep('user'),
    codeStep('authorization-response'),
    codeStep('token-request'),
    {
      id: 'refresh',
      from: 'app',
      to: 'server',
      title: 'The app requests a token for each API',
      explanation:
        'The refresh token covers all APIs. Each request names one, and the access token that is returned has only that one as its audience.',
      spec: 'RFC 8707, section 2.2',
      role: 'refresh-request',
    },
    appStep('stored', {
      title: 'The app keeps one token for each API',
      explanation: 'An API that receives a token cannot use it at another one: the audience does not match.',
      spec: 'RFC 9700, section 2.3',
    }),
  ],
}

export const stepUpStory: Story = {
  parties: ['user', 'app', 'browser', 'server', 'api'],
  steps: [
    codeStep('authorization-request'),
    codeStep('user'),
    codeStep('token-request'),
    apiStep('refused', {
      title: 'The API refuses, and names what it needs',
      explanation:
        'The WWW-Authenticate header says: a recent sign-in (max_age), a stronger one (acr_values), or a wider scope. Nothing has happened yet.',
      spec: 'RFC 9470, section 3',
      where: ({ status }) => status === 401 || status === 403,
      isRefusal: true,
    }),
    {
      id: 'again',
      from: 'user',
      to: 'server',
      via: 'browser',
      title: 'You sign in again, as the API requires',
      explanation: 'The client opens the sign-in page with exactly these parameters. No code of the app is needed for it.',
      spec: 'RFC 9470, section 4',
    },
    apiStep('accepted', {
      title: 'The client repeats the request',
      explanation:
        'The new token shows the time and the strength of the sign-in, or has the wider scope. The caller only sees the result.',
      spec: 'RFC 9470, section 5',
      where: ({ status }) => status === 200,
    }),
  ],
}

export const exchangeStory: Story = {
  parties: ['app', 'server', 'api'],
  steps: [
    tokenStep({
      title: 'The client sends the token that it has',
      explanation:
        'The subject token says for whom the new token is. It also names what the new token is for: a scope, an audience, or a kind of token.',
      spec: 'RFC 8693, section 2.1',
      where: ({ sent }) => sent.some(({ name }) => name === 'subject_token'),
    }),
    {
      id: 'decision',
      from: 'server',
      to: 'server',
      title: 'The server decides whether this client may do that',
      explanation: 'It validates the token and applies its own rules. It never gives more than the subject token had.',
      spec: 'RFC 8693, section 5',
    },
    {
      id: 'use',
      isElsewhere: true,
      from: 'app',
      to: 'api',
      title: 'The client uses the new token',
      explanation: 'It is for the named service only. “act” in the token says who acts on behalf of the user, if someone does.',
      spec: 'RFC 8693, section 4.1',
    },
  ],
}

export const introspectionStory: Story = {
  parties: ['app', 'api', 'server'],
  steps: [
    {
      id: 'call',
      isElsewhere: true,
      from: 'app',
      to: 'api',
      title: 'An app calls the API with a token',
      explanation:
        'The API cannot read an opaque token, and a JSON Web Token may have been revoked. So the API sends it to the server.',
      spec: 'RFC 6750, section 2.1',
    },
    {
      ...metadataStep,
      from: 'api',
      title: 'The API reads the server’s metadata',
      explanation: 'A document at a well-known path lists the introspection endpoint. It is cached.',
    },
    {
      id: 'introspection',
      from: 'api',
      to: 'server',
      title: 'The API sends the token to the server',
      explanation:
        'The API authenticates as a client, so that an attacker cannot try out tokens. Here this page acts as the API.',
      spec: 'RFC 7662, section 2.1',
      role: 'introspection',
    },
    {
      id: 'answer',
      from: 'server',
      to: 'api',
      title: 'The server says whether the token is active',
      explanation:
        'With scope, user, client and expiry. About an invalid token it says “active”: false and nothing else, whatever the reason.',
      spec: 'RFC 7662, section 2.2',
    },
  ],
}
