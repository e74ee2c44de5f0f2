import type { Story } from '../story.js'
import { codeStep } from './code-story.js'
import { appStep } from './steps.js'

export const workerStory: Story = {
  parties: ['user', 'app', 'browser', 'server'],
  steps: [
    appStep('secret', {
      title: 'The worker creates the secret',
      explanation:
        'The page requests the URL from the worker. The PKCE secret and the state stay in the worker, in another thread, whose memory no script of the page can read.',
      spec: 'RFC 7636, section 4',
    }),
    codeStep('authorization-request'),
    codeStep('user'),
    {
      ...codeStep('authorization-response'),
      title: 'The page passes the code on to the worker',
      explanation: 'A code alone is useless: only the worker has the secret that belongs to it.',
      spec: 'RFC 6749, section 4.1.2',
    },
    {
      id: 'worker-token-request',
      from: 'app',
      to: 'server',
      title: 'The worker exchanges the code for tokens',
      explanation:
        'The response goes to the worker. It tells the page who is signed in and when the token expires, and nothing else. The page’s network log cannot show this request, so its arrow stays dashed.',
      spec: 'RFC 6749, section 4.1.3',
      isElsewhere: true,
    },
    {
      id: 'worker-call',
      from: 'app',
      to: 'server',
      title: 'The worker calls the API for the page',
      explanation:
        'The page sends method, address and body, and receives the response. The worker decides which addresses get the token.',
      spec: 'RFC 9700, section 4.9',
      isElsewhere: true,
    },
  ],
}
