import { SignJWT, UnsecuredJWT, decodeJwt, generateKeyPair } from 'jose'
import { openAlteredPopup, withParameter } from './altered-popup.js'
import type { ExperimentOptions } from '../experiments/use-experiment-client.js'
import { recordExperimentRequest } from '../network-log/navigations.js'
import { experimentFetch } from '../network-log/logging-fetch.js'

/** One thing that goes wrong between app and server: put into the way of the messages, by the client's own seams. */
export interface Fault {
  readonly id: string
  readonly label: string
  readonly about: string
  readonly options: () => ExperimentOptions
}

type Rewrite = (body: Readonly<Record<string, unknown>>) => object | Promise<object>

export const faults: readonly Fault[] = [
  {
    id: 'nonce',
    label: 'The ID token answers another request',
    about: 'its nonce is not the one that was sent: an old token, passed off as new',
    options: () => ({
      environment: { openWindow: openAlteredPopup((url) => withParameter(url, 'nonce', 'of-another-request')) },
    }),
  },
  {
    id: 'pkce',
    label: 'The code was made for somebody else’s secret',
    about: 'a stolen code: the fingerprint it was asked for with is another one',
    options: () => {
      const challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'
      return {
        compliance: { authorizationRequest: (url) => recordExperimentRequest(withParameter(url, 'code_challenge', challenge)) },
      }
    },
  },
  {
    id: 'signature',
    label: 'The ID token is signed by somebody else',
    about: 'the same claims, but with a key that is not the server’s',
    options: () => tokenResponse(async (body) => ({ ...body, id_token: await resigned(String(body['id_token'])) })),
  },
  {
    id: 'none',
    label: 'The ID token is not signed at all',
    about: '“alg”: “none”, the oldest trick there is',
    options: () =>
      tokenResponse((body) => ({ ...body, id_token: new UnsecuredJWT(decodeJwt(String(body['id_token']))).encode() })),
  },
  {
    id: 'hash',
    label: 'The access token was swapped',
    about: 'it does not fit the at_hash in the ID token',
    options: () => tokenResponse((body) => ({ ...body, access_token: 'somebody-elses-token' })),
  },
  {
    id: 'issuer',
    label: 'The metadata is another server’s',
    about: 'its issuer is not the one that was asked for',
    options: () => ({ fetch: rewritingFetch('/.well-known/', (body) => ({ ...body, issuer: 'https://evil.example' })) }),
  },
  {
    id: 'html',
    label: 'The token endpoint answers with a web page',
    about: 'a proxy or a firewall in between, with status 200',
    options: () =>
      answering(() => new Response('<html>Please log in to the Wi-Fi</html>', { headers: { 'content-type': 'text/html' } })),
  },
  {
    id: 'down',
    label: 'The token endpoint is out of order',
    about: 'status 503, and a word on when to come back',
    options: () => answering(() => new Response('down for maintenance', { status: 503, headers: { 'retry-after': '120' } })),
  },
  {
    id: 'silent',
    label: 'The token endpoint does not answer',
    about: 'the request gives up after three seconds',
    options: () => ({ timeout: 3, fetch: silentAt('/token') }),
  },
  {
    id: 'clock',
    label: 'This device’s clock is two hours slow',
    about: 'that is no reason not to sign in: it works',
    options: () => ({ now: () => Date.now() - 7_200_000 }),
  },
]

function tokenResponse(rewrite: Rewrite): ExperimentOptions {
  return answering(async (response) => Response.json(await rewrite(asRecord(await response.json()))))
}

function answering(change: (response: Response) => Response | Promise<Response>): ExperimentOptions {
  return { compliance: { authorizationRequest: recordExperimentRequest, tokenResponse: change } }
}

/** `fetch` that changes the JSON of what comes from addresses with `part` in them. */
function rewritingFetch(part: string, rewrite: Rewrite): typeof fetch {
  return async (input, init) => {
    const response = await experimentFetch(input, init)
    return addressOf(input).includes(part) ? Response.json(await rewrite(asRecord(await response.json()))) : response
  }
}

/** `fetch` that never answers at addresses that end with `path`; it can still be aborted. */
function silentAt(path: string): typeof fetch {
  return (input, init) => {
    if (!addressOf(input).endsWith(path)) return experimentFetch(input, init)
    const signal = init?.signal ?? (input instanceof Request ? input.signal : undefined)
    return new Promise((_, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason as Error))
    })
  }
}

function addressOf(input: RequestInfo | URL): string {
  return input instanceof Request ? input.url : String(input)
}

async function resigned(idToken: string): Promise<string> {
  const { privateKey } = await generateKeyPair('RS256')
  return new SignJWT(decodeJwt(idToken)).setProtectedHeader({ alg: 'RS256', kid: 'forged' }).sign(privateKey)
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
