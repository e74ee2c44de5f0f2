import type { Fault } from '../faults/fault.js'

/** Faults of the token that the server sends to the API. The signature of an altered token is valid unless the fault says otherwise. */
export const backChannelFaults = [
  {
    id: 'signature',
    label: 'Tampered signature',
    about: 'The signature of the logout token is not the server’s.',
    alteration: { role: 'back-channel-logout', note: 'One character of the signature was changed.' },
    expected: 'a signature of one of the server’s keys',
    received: 'a signature that no key of the server has made',
    rule: 'OpenID Connect Back-Channel Logout 1.0, section 2.6',
    withoutCheck: 'Anyone who knows the address of the API could sign out any user at any time.',
  },
  {
    id: 'aud',
    label: 'Logout token for another app',
    about: 'The audience (aud) is the client ID of another app at the same server.',
    alteration: { role: 'back-channel-logout', note: 'The audience was replaced by another app. The signature is valid.' },
    expected: 'the client ID of this app in “aud”',
    received: 'another-app',
    rule: 'OpenID Connect Back-Channel Logout 1.0, section 2.6',
    withoutCheck: 'Another app could forward the logout tokens that it receives, and sign its users out here too.',
  },
  {
    id: 'nonce',
    label: 'Logout token with a nonce',
    about: 'Only ID tokens have a nonce. A token with one is not a logout token.',
    alteration: { role: 'back-channel-logout', note: 'A nonce was added. The signature is valid.' },
    expected: 'no “nonce”',
    received: 'a “nonce”, as in an ID token',
    rule: 'OpenID Connect Back-Channel Logout 1.0, section 2.4',
    withoutCheck: 'Tokens of one kind could be used as tokens of the other kind.',
  },
  {
    id: 'replay',
    label: 'Logout token used twice',
    about: 'Someone sends the same token again. The first one ends the session, the second one is refused.',
    alteration: { role: 'back-channel-logout', note: 'The same token was sent once before. This is the second request.' },
    expected: 'a token ID (jti) that the API has not seen',
    received: 'the token ID of the first request',
    rule: 'OpenID Connect Back-Channel Logout 1.0, section 2.6',
    withoutCheck: 'A recorded token could sign the user out again after the next sign-in.',
  },
  {
    id: 'sid',
    label: 'Logout token for another session',
    about: 'The token is valid, but the session (sid) is another one, such as that of the user’s phone.',
    alteration: { role: 'back-channel-logout', note: 'The session ID was replaced. The signature is valid.' },
    expected: 'the session of this tab in “sid”',
    received: 'another-session',
    rule: 'OpenID Connect Back-Channel Logout 1.0, section 2.7',
    withoutCheck: 'A user who signs out on one device would be signed out on all others.',
  },
] as const satisfies readonly Fault[]

/** Faults of the request for the page in the frame, which any website can send. */
export const frontChannelFaults = [
  {
    id: 'sid',
    label: 'Another session',
    about: 'The session (sid) in the URL of the frame is another one.',
    alteration: { role: 'front-channel-logout', note: 'The session ID in the URL was replaced.' },
    expected: 'the “sid” of the stored session',
    received: 'another-session',
    rule: 'OpenID Connect Front-Channel Logout 1.0, section 3',
    withoutCheck: 'Any website could sign the user out: it opens this page in a frame.',
  },
  {
    id: 'iss',
    label: 'Another server',
    about: 'The issuer (iss) in the URL of the frame is another server.',
    alteration: { role: 'front-channel-logout', note: 'The issuer in the URL was replaced.' },
    expected: 'the issuer that the app signs in at',
    received: 'https://evil.example',
    rule: 'OpenID Connect Front-Channel Logout 1.0, section 3',
    withoutCheck: 'A sign-out at one server would end sessions of another server.',
  },
  {
    id: 'incomplete',
    label: 'Only one of the two parameters',
    about: 'The URL of the frame has a session, but no issuer.',
    alteration: { role: 'front-channel-logout', note: 'The issuer was removed from the URL.' },
    expected: 'both “iss” and “sid”, or neither',
    received: '“sid” alone',
    rule: 'OpenID Connect Front-Channel Logout 1.0, section 2',
    withoutCheck: 'Two servers may use the same session ID. One of them could end a session of the other.',
  },
] as const satisfies readonly Fault[]

export type BackChannelFaultId = (typeof backChannelFaults)[number]['id']

export type FrontChannelFaultId = (typeof frontChannelFaults)[number]['id']
