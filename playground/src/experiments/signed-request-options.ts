import { recordExperimentRequest } from '../network-log/navigations.js'
import { experimentFetch } from '../network-log/logging-fetch.js'
import { openAlteredPopup, withParameter } from '../faults/altered-popup.js'
import type { Alteration } from '../faults/alteration.js'
import type { Explanation } from '../faults/explanation.js'
import type { ChoiceOption } from '../ui/choice.js'
import { publishRequestObject, type SigningClient } from './signing-client.js'
import type { ExperimentOptions } from './use-experiment-client.js'

/** How the signed request reaches the server. */
export const deliveries = [
  { value: 'value', label: 'by value', about: 'In the URL, as “request”.' },
  {
    value: 'reference',
    label: 'by reference',
    about: 'Stored on the app’s web server. The URL contains its registered “request_uri”, and the server fetches it.',
  },
  { value: 'pushed', label: 'pushed (PAR)', about: 'Sent in the background. The URL contains a reference issued by the server.' },
] as const satisfies readonly ChoiceOption<string>[]
export type Delivery = (typeof deliveries)[number]['value']

/** What an attacker does to the URL. */
export const tamperings = [
  { value: 'none', label: 'nothing', about: 'The URL arrives unchanged.', explanation: undefined },
  {
    value: 'added',
    label: 'an added “scope=openid admin”',
    about: 'No effect: the server ignores unsigned parameters.',
    explanation: {
      expected: 'the scope in the signed request',
      received: '“openid admin”, without a signature',
      rule: 'RFC 9101, section 6.3',
      withoutCheck: 'An attacker could add to a signed request whatever it does not contain.',
    },
  },
  {
    value: 'unsigned',
    label: 'the same request without its signature',
    about: 'Rejected: the client is registered to sign its requests.',
    explanation: {
      expected: 'a signed request, in “request” or “request_uri”',
      received: 'the parameters alone, without a signature',
      rule: 'RFC 9101, section 10.5',
      withoutCheck: 'An attacker could remove the signature, and change the request as if the app had never signed it.',
    },
  },
] as const satisfies readonly (ChoiceOption<string> & { readonly explanation: Explanation | undefined })[]
export type Tampering = (typeof tamperings)[number]['value']

/** @returns undefined if the URL arrives unchanged */
export function explanationOf(tampering: Tampering): Explanation | undefined {
  return tamperings.find(({ value }) => value === tampering)?.explanation
}

/** What the network log marks. */
function alterationOf(tampering: Tampering, navigate: (url: URL) => URL): Alteration | undefined {
  const notes: Readonly<Record<Tampering, string | undefined>> = {
    none: undefined,
    added: 'The parameter “scope” was added to the URL.',
    unsigned: 'The signed request was replaced by its parameters.',
  }
  const note = notes[tampering]
  return note === undefined ? undefined : { role: 'authorization-request', note, navigate }
}

interface SignedRequests {
  readonly options: ExperimentOptions
  /** @returns the request object of the last sign-in, once it was sent */
  readonly requestObject: () => string | undefined
}

/** Creates the options of a client that signs its requests, with the chosen tampering, and captures the signed request. */
export function signedRequestOptions(client: SigningClient, delivery: Delivery, tampering: Tampering): SignedRequests {
  let requestObject: string | undefined
  let unsigned: URL | undefined
  const publish = (signed: string): Promise<string> => {
    requestObject = signed
    return publishRequestObject(signed, client.requestUri)
  }
  const tamper = (url: URL): URL => {
    requestObject ??= url.searchParams.get('request') ?? undefined
    if (tampering === 'added') return withParameter(url, 'scope', 'openid admin')
    return tampering === 'unsigned' ? (unsigned ?? url) : url
  }
  const options: ExperimentOptions = {
    clientId: client.registered.client_id,
    requestObject: { key: client.key, ...(delivery === 'reference' && { publish }) },
    par: delivery === 'pushed',
    compliance: {
      authorizationRequest: (url) => {
        unsigned = new URL(url)
        return recordExperimentRequest(url, alterationOf(tampering, tamper))
      },
    },
    environment: { openWindow: openAlteredPopup(tamper) },
    fetch: async (input, init) => {
      const request = new Request(input, init)
      const isForm = request.headers.get('content-type')?.startsWith('application/x-www-form-urlencoded')
      const form = isForm ? new URLSearchParams(await request.clone().text()) : undefined
      requestObject ??= form?.get('request') ?? undefined
      return experimentFetch(request)
    },
  }
  return { options, requestObject: () => requestObject }
}
