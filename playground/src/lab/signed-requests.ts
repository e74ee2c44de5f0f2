import { noteLabDeparture } from '../wire/navigations.js'
import { watchedLabFetch } from '../wire/watched-fetch.js'
import { openAlteredPopup, withParameter } from './altered-popup.js'
import type { ChoiceOption } from './choice.js'
import { publishRequestObject, type SigningClient } from './signing-client.js'
import type { LabOptions } from './use-lab-client.js'

export const carriers = [
  { value: 'value', label: 'by value', about: 'in the address itself, as “request”' },
  {
    value: 'reference',
    label: 'by reference',
    about: 'on the app’s own web server; the address has its “request_uri”, which is registered, and the server fetches it',
  },
  { value: 'pushed', label: 'pushed (PAR)', about: 'in the background; the address has a reference that the server made' },
] as const satisfies readonly ChoiceOption<string>[]
export type Carrier = (typeof carriers)[number]['value']

export const meddlings = [
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
export type Meddling = (typeof meddlings)[number]['value']

interface SignedRequests {
  readonly options: LabOptions
  /** @returns the request object of the last sign-in, once it has left */
  readonly requestObject: () => string | undefined
}

/** Options of a client that signs, with somebody on the way who meddles, and an eye on what is signed. */
export function signedRequestOptions(client: SigningClient, carrier: Carrier, meddling: Meddling): SignedRequests {
  let requestObject: string | undefined
  let unsigned: URL | undefined
  const publish = (signed: string): Promise<string> => {
    requestObject = signed
    return publishRequestObject(signed, client.requestUri)
  }
  const onTheWay = (url: URL): URL => {
    requestObject ??= url.searchParams.get('request') ?? undefined
    if (meddling === 'beside') return withParameter(url, 'scope', 'openid admin')
    return meddling === 'unsigned' ? (unsigned ?? url) : url
  }
  const options: LabOptions = {
    clientId: client.registered.client_id,
    requestObject: { key: client.key, ...(carrier === 'reference' && { publish }) },
    par: carrier === 'pushed',
    compliance: {
      authorizationRequest: (url) => {
        unsigned = new URL(url)
        return noteLabDeparture(url)
      },
    },
    environment: { openWindow: openAlteredPopup(onTheWay) },
    fetch: async (input, init) => {
      const request = new Request(input, init)
      const isForm = request.headers.get('content-type')?.startsWith('application/x-www-form-urlencoded')
      const form = isForm ? new URLSearchParams(await request.clone().text()) : undefined
      requestObject ??= form?.get('request') ?? undefined
      return watchedLabFetch(request)
    },
  }
  return { options, requestObject: () => requestObject }
}
