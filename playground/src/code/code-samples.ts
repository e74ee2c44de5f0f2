import type { LoginOptions } from '@latchkey/core'
import type { Connection } from '../connection/connection.js'
import {
  accountsCode,
  apiCode,
  deviceCode,
  revocationCode,
  signOutCode,
  stepUpCode,
  tokenCode,
  userCode,
} from './hook-samples.js'
import { backChannelCode, frontChannelCode } from './logout-samples.js'
import { oauth1Code } from './oauth1-sample.js'
import {
  cibaCode,
  clientCredentialsCode,
  exchangeCode,
  introspectionCode,
  passwordCode,
  registrationCode,
  serviceAccountCode,
  signedRequestCode,
} from './program-samples.js'
import { richRequestCode } from './rich-request-sample.js'
import { loginCode, signInCode } from './sample.js'
import { devtoolsCode, idleCode, offlineCode, silentCode, tabsCode, workerCode } from './session-samples.js'

/** One piece of code that a page shows. */
export interface CodeSample {
  readonly name: string
  readonly code: string
}

const responseTypes = ['code', 'id_token token', 'id_token', 'token', 'code id_token', 'code token', 'code id_token token']
const responseModes = ['query', 'query.jwt', 'fragment.jwt', 'jwt', 'fragment']
const logins: readonly LoginOptions[] = [
  { transport: 'redirect' },
  { transport: 'redirect', prompt: 'select_account', loginHint: "o'hara", maxAge: 60 },
  { transport: 'popup', resources: ['urn:example:calendar', 'urn:example:mail'] },
]
const secretMethods = ['client_secret_basic', 'client_secret_post', 'client_secret_jwt'] as const
const richDetails = [{ type: 'payment', amount: { currency: 'EUR', amount: '1.50' }, 'end-to-end': ['a', "b'c"], count: 2 }]
const revocable = ['refresh', 'access'] as const
const deliveries = ['value', 'reference', 'pushed'] as const

/** Every sample of every page with every option, for the test that compiles them. */
export function codeSamples(connection: Connection): readonly CodeSample[] {
  const signIns = [
    [],
    ['par'],
    ['dpop="required"'],
    ...responseTypes.map((type) => [`responseType="${type}"`]),
    ...responseModes.map((mode) => [`responseMode="${mode}"`]),
  ]
  return [
    ...signIns.map((props) => ({ name: `sign-in ${props.join(' ')}`, code: signInCode({ connection, props }) })),
    ...logins.map((login) => ({
      name: `login ${Object.keys(login).join(' ')}`,
      code: signInCode({ connection, login: loginCode(login) }),
    })),
    { name: 'rich request', code: richRequestCode(connection, richDetails) },
    { name: 'user', code: userCode },
    { name: 'token', code: tokenCode },
    { name: 'API', code: apiCode('/api/me?a="1"') },
    { name: 'sign-out', code: signOutCode },
    ...revocable.map((token) => ({ name: `revocation ${token}`, code: revocationCode(token) })),
    { name: 'accounts', code: accountsCode(connection) },
    { name: 'step-up', code: stepUpCode(connection) },
    { name: 'OAuth 1.0a', code: oauth1Code({ signatureMethod: 'HMAC-SHA1', placement: 'header' }) },
    { name: 'OAuth 1.0a, RSA', code: oauth1Code({ signatureMethod: 'RSA-SHA256', placement: 'body' }) },
    { name: 'silent', code: silentCode(connection) },
    { name: 'silent, recent', code: silentCode(connection, 0) },
    { name: 'tabs', code: tabsCode },
    { name: 'worker', code: workerCode(connection) },
    { name: 'offline', code: offlineCode(connection) },
    { name: 'idle', code: idleCode(20) },
    { name: 'devtools', code: `/// <reference types="vite/client" />${devtoolsCode(connection)}` },
    { name: 'back channel', code: backChannelCode(connection) },
    { name: 'front channel', code: frontChannelCode(connection) },
    { name: 'device', code: deviceCode },
    ...secretMethods.map((method) => ({ name: `secret ${method}`, code: clientCredentialsCode(connection, method) })),
    { name: 'service account', code: serviceAccountCode(connection, "robot 'one'") },
    { name: 'password', code: passwordCode(connection) },
    { name: 'exchange', code: exchangeCode(connection, { scope: 'email', audience: '' }) },
    { name: 'CIBA', code: cibaCode(connection, { bindingMessage: 'Till 3, 12.50 €', requestedExpiry: 10 }) },
    { name: 'introspection', code: introspectionCode(connection) },
    { name: 'registration', code: registrationCode(connection, 'My client') },
    ...deliveries.map((delivery) => ({ name: `signed ${delivery}`, code: signedRequestCode(connection, delivery) })),
  ]
}
