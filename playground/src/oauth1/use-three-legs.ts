import { memory } from '@latchkey/core'
import { createOAuth1Client, type Credentials, type OAuth1Client } from '@latchkey/oauth1'
import { useEffect, useRef, useState } from 'react'
import { type Exchange, reportingFetch } from './exchange.js'
import { clientOptions, type Settings } from './settings.js'
import { photoRequest } from './tamperings.js'
import { AccessDeniedError, popupCallbackUrl, requestVerifier } from './verifier-popup.js'

/** The steps, by what they end with. */
export type StepName = 'temporary' | 'verifier' | 'token' | 'call'

/** What the steps have returned until now. */
export interface LegsState {
  readonly temporary?: Credentials | undefined
  readonly authorizationUrl?: URL | undefined
  readonly verifier?: string | undefined
  readonly token?: Credentials | undefined
  /** The request and response of each step that has one. */
  readonly exchanges: Readonly<Partial<Record<StepName, Exchange>>>
  readonly running?: StepName | undefined
  readonly failed?: { readonly step: StepName; readonly error: unknown } | undefined
}

const initial: LegsState = { exchanges: {} }

/** What `useThreeLegs` returns. */
export interface ThreeLegs {
  readonly state: LegsState
  /** Runs a step. The popup opens synchronously, so that the browser does not block it. */
  readonly run: (step: StepName) => void
  readonly stopWaiting: () => void
}

/** Runs the three steps and the API call one by one. */
export function useThreeLegs(settings: Settings): ThreeLegs {
  const [state, setState] = useState(initial)
  const client = useRef<OAuth1Client>(undefined)
  const popup = useRef<AbortController>(undefined)
  useEffect(
    () => () => {
      popup.current?.abort()
      void client.current?.close()
    },
    [],
  )
  const add = (step: StepName, exchange: Exchange): void =>
    setState((current) => ({ ...current, exchanges: { ...current.exchanges, [step]: exchange } }))
  const step = async (name: StepName): Promise<Partial<LegsState>> => {
    if (name === 'temporary') {
      void client.current?.close()
      client.current = createStepClient(settings, add)
      const temporary = await client.current.temporaryCredentials({ callbackUrl: popupCallbackUrl() })
      return { temporary, authorizationUrl: client.current.authorizationUrl(temporary) }
    }
    const { temporary, authorizationUrl, verifier } = state
    if (!client.current || !temporary || !authorizationUrl) return {}
    if (name === 'verifier') {
      popup.current = new AbortController()
      return { verifier: await requestVerifier(authorizationUrl, popup.current.signal) }
    }
    if (name === 'call') return client.current.fetch(photoRequest(settings)).then(() => ({}))
    const { accessToken, response } = await client.current.tokenCredentials(temporary, verifier ?? '')
    return { token: { token: accessToken, tokenSecret: String(response['oauth_token_secret']) } }
  }
  const run = (name: StepName): void => {
    setState((current) => ({ ...(name === 'temporary' ? initial : current), running: name, failed: undefined }))
    step(name).then(
      (result) => setState((current) => ({ ...current, ...result, running: undefined })),
      (error: unknown) => {
        const hasStopped = name === 'verifier' && popup.current?.signal.aborted
        const failed = hasStopped ? undefined : { step: name, error }
        setState((current) => ({ ...(error instanceof AccessDeniedError ? initial : current), running: undefined, failed }))
      },
    )
  }
  return { state, run, stopWaiting: () => popup.current?.abort() }
}

/** The client reports each exchange under the step that its URL belongs to. */
function createStepClient(settings: Settings, add: (step: StepName, exchange: Exchange) => void): OAuth1Client {
  return createOAuth1Client({
    ...clientOptions(settings),
    name: `steps ${crypto.randomUUID()}`,
    storage: memory(),
    fetch: reportingFetch((exchange) => add(stepOf(exchange), exchange)),
  })
}

function stepOf({ request }: Exchange): StepName {
  if (request.base.uri.endsWith('/initiate')) return 'temporary'
  return request.base.uri.endsWith('/token') ? 'token' : 'call'
}
