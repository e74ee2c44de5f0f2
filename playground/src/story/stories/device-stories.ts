import type { Story } from '../story.js'
import { tokenStep } from './steps.js'

export const deviceStory: Story = {
  parties: ['user', 'phone', 'device', 'server'],
  steps: [
    {
      id: 'device-authorization',
      from: 'device',
      to: 'server',
      title: 'The device requests two codes',
      explanation: 'A long one that it keeps, and a short one that a person can type. This page acts as the device.',
      spec: 'RFC 8628, section 3.1',
      role: 'device-authorization',
    },
    {
      id: 'show',
      from: 'device',
      to: 'user',
      title: 'The device shows an address and the short code',
      explanation: 'Or a QR code with both. The device itself needs no keyboard and no browser.',
      spec: 'RFC 8628, section 3.3',
    },
    tokenStep({
      from: 'device',
      title: 'The device polls the server',
      explanation:
        'It sends the long code again and again, at the interval that the server has set. The server responds “authorization_pending” until you have decided.',
      spec: 'RFC 8628, section 3.4',
    }),
    {
      id: 'phone',
      from: 'phone',
      to: 'server',
      title: 'You enter the code on your phone and sign in',
      explanation:
        'In a browser that you trust. The page shows which app sends the request. Never enter a code that someone sent to you: you would sign them in.',
      spec: 'RFC 8628, section 5.4',
    },
    {
      id: 'tokens',
      from: 'server',
      to: 'device',
      title: 'The next poll returns the tokens',
      explanation: 'The code is used up. From here on it is a session like any other, with refresh.',
      spec: 'RFC 8628, section 3.5',
    },
  ],
}

export const cibaStory: Story = {
  parties: ['user', 'phone', 'app', 'server'],
  steps: [
    {
      id: 'backchannel-authentication',
      from: 'app',
      to: 'server',
      title: 'The client sends the request to the server',
      explanation:
        'It names the user (login_hint) and authenticates itself. The binding message is shown on both devices, so that the user sees which request it is.',
      spec: 'OpenID Connect CIBA Core 1.0, section 7.1',
      role: 'backchannel-authentication',
    },
    {
      id: 'notify',
      from: 'server',
      to: 'phone',
      title: 'The server sends a message to the user’s phone',
      explanation: 'Here you open the page of the phone yourself, in another tab.',
      spec: 'OpenID Connect CIBA Core 1.0, section 4',
    },
    tokenStep({
      title: 'The client polls the server',
      explanation: 'It sends the ID of the request, at the interval that the server has set, until the user has decided.',
      spec: 'OpenID Connect CIBA Core 1.0, section 10.1',
    }),
    {
      id: 'decision',
      from: 'user',
      to: 'phone',
      title: 'The user compares the message and approves',
      explanation: 'Or denies, or does nothing, and the request expires. The browser of the client is not involved.',
      spec: 'OpenID Connect CIBA Core 1.0, section 7.1',
    },
    {
      id: 'tokens',
      from: 'server',
      to: 'app',
      title: 'The next poll returns the tokens',
      explanation: 'The ID token says who approved. The request cannot be used again.',
      spec: 'OpenID Connect CIBA Core 1.0, section 10.1.1',
    },
  ],
}
