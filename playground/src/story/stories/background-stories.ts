import type { Story } from '../story.js'
import { codeStep } from './code-story.js'
import { appStep } from './steps.js'

export const offlineStory: Story = {
  parties: ['app', 'browser', 'server'],
  steps: [
    codeStep('token-request'),
    appStep('stored', {
      to: 'browser',
      title: 'The session is in this browser',
      explanation: 'The app shows the user without a request, also when it starts without a network.',
      spec: 'RFC 9700, section 4',
    }),
    {
      id: 'no-response',
      from: 'app',
      to: 'server',
      title: 'A refresh gets no response',
      explanation:
        'Or status 429 or 5xx. That says nothing about the session: only the server’s own refusal (invalid_grant) or the user ends it.',
      spec: 'RFC 6749, section 5.2',
      role: 'refresh-request',
      where: ({ status }) => status !== 200,
      isRefusal: true,
    },
    appStep('kept', {
      title: 'The client keeps the session',
      explanation:
        'The call fails with an error that says that it can be repeated. After a Retry-After header, no request is sent before that time. “offlineGrace” limits how long an expired session is shown on a device without a network.',
      spec: 'RFC 9110, section 10.2.3',
    }),
    {
      id: 'response',
      from: 'app',
      to: 'server',
      title: 'The network is back, and the refresh succeeds',
      explanation: 'The browser says that it is online, or the app sends its next request. One tab refreshes for all.',
      spec: 'RFC 6749, section 6',
      role: 'refresh-request',
      where: ({ status }) => status === 200,
    },
  ],
}

export const idleStory: Story = {
  parties: ['user', 'app', 'server'],
  steps: [
    {
      id: 'activity',
      from: 'user',
      to: 'app',
      title: 'You move the mouse, press a key or scroll',
      explanation: 'All tabs share the time of the last activity: activity in one keeps the session of all.',
      spec: 'RFC 9700, section 4',
    },
    appStep('countdown', {
      title: 'You do nothing, and the countdown starts',
      explanation:
        'It follows the clock, not timers: a device that was asleep signs out when it wakes, before a mouse movement can extend the session.',
      spec: 'RFC 9700, section 4',
    }),
    {
      id: 'revocation',
      from: 'app',
      to: 'server',
      title: 'The time is up: one tab signs out for all',
      explanation:
        'The tokens are revoked and removed. By default, the session at the server ends too; here only that of this app.',
      spec: 'RFC 7009, section 2.1',
      role: 'revocation',
    },
  ],
}
