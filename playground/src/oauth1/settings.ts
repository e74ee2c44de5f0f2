import type { OAuth1ClientOptions, ParameterPlacement, SignatureMethodName } from '@latchkey/oauth1'
import type { ChoiceOption } from '../ui/choice.js'
import { readJson, writeJson } from '../stored-json.js'
import { API_PATH, CALLBACK_PATH, consumer, PROVIDER_PATH } from './demo-provider.js'

/** How the page signs. */
export interface Settings {
  readonly signatureMethod: SignatureMethodName
  readonly placement: ParameterPlacement
}

/** The signature methods of the built-in provider. */
export const signatureMethods = [
  { value: 'HMAC-SHA1', about: 'What nearly all providers have. Both sides compute the signature from the shared secrets.' },
  { value: 'HMAC-SHA256', about: 'The same with a newer hash, if the provider has it.' },
  {
    value: 'RSA-SHA1',
    about: 'The app signs with a private key. The only RSA method of RFC 5849, with an old hash.',
  },
  {
    value: 'RSA-SHA256',
    about: 'The app signs with a private key, here one that is created at every start. The provider knows only the public key.',
  },
  { value: 'PLAINTEXT', about: 'Sends the secrets instead of a signature: nothing is protected but by https.' },
] as const satisfies readonly ChoiceOption<SignatureMethodName>[]

/** Where the parameters stand. */
export const placements = [
  { value: 'header', label: 'Authorization header', about: 'Recommended: headers are not in logs and histories.' },
  { value: 'body', label: 'form body', about: 'For requests with a form only, so the API is called by POST.' },
  { value: 'query', label: 'query of the URL', about: 'URLs end up in logs. Use it only if nothing else works.' },
] as const satisfies readonly ChoiceOption<ParameterPlacement>[]

const storageKey = 'latchkey-playground:oauth1'

/** Returns the settings of this tab, which survive a redirect; `fallback` if there are none. */
export function readSettings(fallback: Settings): Settings {
  return readJson(sessionStorage, storageKey, isSettings) ?? fallback
}

export function storeSettings(settings: Settings): void {
  writeJson(sessionStorage, storageKey, settings)
}

function isSettings(value: unknown): value is Settings {
  const { signatureMethod, placement } = (value ?? {}) as Partial<Settings>
  return signatureMethods.some((one) => one.value === signatureMethod) && placements.some((one) => one.value === placement)
}

/** Returns the options that all clients of the page share. */
export function clientOptions({ signatureMethod, placement }: Settings): OAuth1ClientOptions {
  const { origin } = location
  return {
    consumerKey: consumer.key,
    consumerSecret: consumer.secret,
    privateKey: import.meta.env.OAUTH1_KEY,
    signatureMethod,
    placement,
    temporaryCredentialsUrl: `${origin}${PROVIDER_PATH}/initiate`,
    authorizationUrl: `${origin}${PROVIDER_PATH}/authorize`,
    tokenCredentialsUrl: `${origin}${PROVIDER_PATH}/token`,
    callbackUrl: origin + CALLBACK_PATH,
    resources: [origin + API_PATH],
  }
}
