import { recordExperimentRequest } from '../network-log/navigations.js'
import { experimentFetch } from '../network-log/logging-fetch.js'
import { openAlteredPopup, withParameter } from '../faults/altered-popup.js'
import type { ChoiceOption } from '../ui/choice.js'
import { publishRequestObject, type SigningClient } from './signing-client.js'
import type { ExperimentOptions } from './use-experiment-client.js'

export const deliveries = [
  { value: 'value', label: 'by value', about: 'in the address itself, as “request”' },
  {
    value: 'reference',
    label: 'by reference',
    about: 'on the app’s own web server; the address has its “request_uri”, which is registered, and the server fetches it',
  },
  { value: 'pushed', label: 'pushed (PAR)', about: 'in the background; the address has a reference that the server made' },
] as const satisfies readonly ChoiceOption<string>[]
export type Delivery = (typeof deliveries)[number]['value']

export const tamperings = [
  { value: 'nobody', label: 'nothing', about: 'the address arrives as it was sent' },
  {
    value: 'beside',
    label: 'somebody writes “scope=openid admin” beside it',
    about: 'without effect: what was not signed does not count',
  },
  {
    value: 'unsigned',
    label: 'somebody puts the same request there without its signature',
    about: 'refused: the client is registered to sign',
  },
] as const satisfies readonly ChoiceOption<string>[]
export type Tampering = (typeof tamperings)[number]['value']

interface SignedRequests {
  readonly options: ExperimentOptions
  /** @returns the request object of the last sign-in, once it has left */
  readonly requestObject: () => string | undefined
}

/** Options of a client that signs, with somebody on the way who meddles, and an eye on what is signed. */
export function signedRequestOptions(client: SigningClient, delivery: Delivery, tampering: Tampering): SignedRequests {
  let requestObject: string | undefined
  let unsigned: URL | undefined
  const publish = (signed: string): Promise<string> => {
    requestObject = signed
    return publishRequestObject(signed, client.requestUri)
  }
  const onTheWay = (url: URL): URL => {
    requestObject ??= url.searchParams.get('request') ?? undefined
    if (tampering === 'beside') return withParameter(url, 'scope', 'openid admin')
    return tampering === 'unsigned' ? (unsigned ?? url) : url
  }
  const options: ExperimentOptions = {
    clientId: client.registered.client_id,
    requestObject: { key: client.key, ...(delivery === 'reference' && { publish }) },
    par: delivery === 'pushed',
    compliance: {
      authorizationRequest: (url) => {
        unsigned = new URL(url)
        return recordExperimentRequest(url)
      },
    },
    environment: { openWindow: openAlteredPopup(onTheWay) },
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
