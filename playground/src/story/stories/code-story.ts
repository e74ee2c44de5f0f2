import type { Story, StoryStep } from '../story.js'

/** Authorization code flow with PKCE, step by step. */
export const codeSteps = [
  {
    id: 'discovery',
    from: 'app',
    to: 'server',
    title: 'The app reads the server’s metadata',
    explanation:
      'The app knows only the server’s address, the issuer. A document at a well-known path lists the sign-in address, the token endpoint and the signing keys. The document is cached, so the next sign-in skips this step.',
    spec: 'OpenID Connect Discovery 1.0, section 4',
    role: 'discovery',
  },
  {
    id: 'pkce',
    from: 'app',
    to: 'app',
    title: 'The app creates a secret',
    explanation:
      'The secret, the code verifier, is a random value that stays in the app; for now, only its hash is sent. The code will return in a URL, where others may read it. Without the secret, they cannot use it. That is all that PKCE (“pixy”) means. The app also creates “state”, which must return in the response, and “nonce”, which must be in the ID token.',
    spec: 'RFC 7636, section 4',
  },
  {
    id: 'authorization-request',
    from: 'app',
    to: 'server',
    via: 'browser',
    title: 'The browser opens the sign-in page',
    explanation:
      'The app never sees your password: it sends you to the server. The URL contains the app, the requested scope, and the address to return to.',
    spec: 'RFC 6749, section 4.1.1',
    role: 'authorization-request',
  },
  {
    id: 'user',
    from: 'user',
    to: 'server',
    via: 'browser',
    title: 'You sign in there',
    explanation: 'This happens between you and the server. The app does not see it, and learns nothing if you go back.',
    spec: 'OpenID Connect Core 1.0, section 3.1.2.3',
  },
  {
    id: 'authorization-response',
    from: 'server',
    to: 'app',
    via: 'browser',
    title: 'The browser returns with a one-time code',
    explanation:
      'A code, not a token, because URLs end up in histories and logs. The app checks that the response belongs to its request and comes from the right server, then removes the code from the URL.',
    spec: 'RFC 6749, section 4.1.2; RFC 9207, section 2.4',
    role: 'authorization-response',
  },
  {
    id: 'token-request',
    from: 'app',
    to: 'server',
    title: 'The app exchanges the code and the secret for tokens',
    explanation:
      'The app sends the code and, for the first time, the secret. It sends them directly, not in a URL that the browser opens. The server checks that the hash matches, and returns the tokens.',
    spec: 'RFC 6749, section 4.1.3; RFC 7636, section 4.5',
    role: 'token-request',
  },
  {
    id: 'id-token',
    from: 'app',
    to: 'app',
    title: 'The app validates the ID token',
    explanation:
      'The ID token is a signed statement about the user. The app checks its signature, issuer, audience and age. Its nonce must be the random value of the request: the token was issued for this sign-in. If one check fails, the whole response is rejected.',
    spec: 'OpenID Connect Core 1.0, section 3.1.3.7',
  },
  {
    id: 'storage',
    from: 'app',
    to: 'browser',
    title: 'The app stores the tokens',
    explanation:
      'They are stored in this browser’s database, encrypted with a key that cannot be exported. After a reload, the app reads them without a request.',
    spec: 'RFC 9700, section 4',
  },
] as const satisfies readonly StoryStep[]

export const codeStory: Story = { parties: ['user', 'app', 'browser', 'server'], steps: codeSteps }

/** @returns a step of the code flow, for the story of a flow that has it too */
export function codeStep(id: (typeof codeSteps)[number]['id']): StoryStep {
  const step = codeSteps.find((candidate) => candidate.id === id)
  if (!step) throw new Error(`the code flow has no step "${id}"`)
  return step
}
