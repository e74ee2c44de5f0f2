import { SignJWT, UnsecuredJWT, decodeJwt, generateKeyPair } from 'jose'
import { openAlteredPopup, withParameter } from './altered-popup.js'
import type { ExperimentOptions } from '../experiments/use-experiment-client.js'
import { recordExperimentRequest } from '../network-log/navigations.js'
import { experimentFetch } from '../network-log/logging-fetch.js'

/** Something that goes wrong between the app and the server, simulated by options of the client. */
export interface Fault {
  readonly id: string
  readonly label: string
  readonly about: string
  /** Options that change requests or responses of the client. */
  readonly options: () => ExperimentOptions
}

type Rewrite = (body: Readonly<Record<string, unknown>>) => object | Promise<object>

/** All faults, in the order of the page “Break it”. Add a new one here. */
export const faults: readonly Fault[] = [
  {
    id: 'nonce',
    label: 'Wrong nonce in the ID token',
    about: 'A replayed ID token: its nonce belongs to another request.',
    options: () => ({
      environment: { openWindow: openAlteredPopup((url) => withParameter(url, 'nonce', 'another-request')) },
    }),
  },
  {
    id: 'pkce',
    label: 'Stolen authorization code',
    about: 'The code was issued for another PKCE secret.',
    options: () => {
      const challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'
      return {
        compliance: { authorizationRequest: (url) => recordExperimentRequest(withParameter(url, 'code_challenge', challenge)) },
      }
    },
  },
  {
    id: 'signature',
    label: 'ID token signed with a foreign key',
    about: 'The claims are unchanged, but the key is not one of the server’s.',
    options: () => rewrittenTokenResponse(async (body) => ({ ...body, id_token: await resigned(String(body['id_token'])) })),
  },
  {
    id: 'none',
    label: 'Unsigned ID token',
    about: 'The header says “alg”: “none”.',
    options: () =>
      rewrittenTokenResponse((body) => ({ ...body, id_token: new UnsecuredJWT(decodeJwt(String(body['id_token']))).encode() })),
  },
  {
    id: 'hash',
    label: 'Replaced access token',
    about: 'It does not match at_hash in the ID token.',
    options: () => rewrittenTokenResponse((body) => ({ ...body, access_token: 'another-token' })),
  },
  {
    id: 'issuer',
    label: 'Metadata of another server',
    about: 'Its issuer is not the configured issuer.',
    options: () => ({ fetch: rewritingFetch('/.well-known/', (body) => ({ ...body, issuer: 'https://evil.example' })) }),
  },
  {
    id: 'html',
    label: 'Web page instead of a token response',
    about: 'A proxy or firewall responds with status 200.',
    options: () =>
      changedResponse(
        () => new Response('<html>Please log in to the Wi-Fi</html>', { headers: { 'content-type': 'text/html' } }),
      ),
  },
  {
    id: 'down',
    label: 'Token endpoint unavailable',
    about: 'Status 503 with a Retry-After header.',
    options: () =>
      changedResponse(() => new Response('down for maintenance', { status: 503, headers: { 'retry-after': '120' } })),
  },
  {
    id: 'silent',
    label: 'No response from the token endpoint',
    about: 'The request times out after three seconds.',
    options: () => ({ timeout: 3, fetch: unresponsiveAt('/token') }),
  },
  {
    id: 'clock',
    label: 'Device clock two hours slow',
    about: 'The sign-in succeeds all the same.',
    options: () => ({ now: () => Date.now() - 7_200_000 }),
  },
]

function rewrittenTokenResponse(rewrite: Rewrite): ExperimentOptions {
  return changedResponse(async (response) => Response.json(await rewrite(asRecord(await response.json()))))
}

function changedResponse(change: (response: Response) => Response | Promise<Response>): ExperimentOptions {
  return { compliance: { authorizationRequest: recordExperimentRequest, tokenResponse: change } }
}

/** Creates a `fetch` that rewrites the JSON responses of URLs that contain `part`. */
function rewritingFetch(part: string, rewrite: Rewrite): typeof fetch {
  return async (input, init) => {
    const response = await experimentFetch(input, init)
    return urlOf(input).includes(part) ? Response.json(await rewrite(asRecord(await response.json()))) : response
  }
}

/** Creates a `fetch` that never responds at URLs that end with `path`; it can be aborted. */
function unresponsiveAt(path: string): typeof fetch {
  return (input, init) => {
    if (!urlOf(input).endsWith(path)) return experimentFetch(input, init)
    const signal = init?.signal ?? (input instanceof Request ? input.signal : undefined)
    return new Promise((_, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason as Error))
    })
  }
}

function urlOf(input: RequestInfo | URL): string {
  return input instanceof Request ? input.url : String(input)
}

async function resigned(idToken: string): Promise<string> {
  const { privateKey } = await generateKeyPair('RS256')
  return new SignJWT(decodeJwt(idToken)).setProtectedHeader({ alg: 'RS256', kid: 'forged' }).sign(privateKey)
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
