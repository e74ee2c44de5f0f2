import type { Rollup } from 'vite'
import { describeValue } from './check-shape.js'
import { checkUrl } from './check-url.js'
import type { ClientDocumentOptions, LatchkeyOptions } from './latchkey-options.js'

/** Members that are about the document, not in it. */
const SETTINGS = ['appUrl', 'path'] as const
/** @see draft-ietf-oauth-client-id-metadata-document-03, section 4.1 */
const SECRETS = ['client_secret', 'client_secret_expires_at'] as const
/** Of private and symmetric keys. @see RFC 7518, section 6 */
const KEY_SECRETS = ['d', 'k', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'priv'] as const
const LISTS = ['redirect_uris', 'grant_types', 'response_types', 'post_logout_redirect_uris'] as const
const METHODS: readonly unknown[] = ['none', 'private_key_jwt']

const DEFAULTS = {
  redirect_uris: ['', 'callback', 'callback.html'],
  application_type: 'web',
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
  token_endpoint_auth_method: 'none',
} as const satisfies ClientDocumentOptions

/** Returns the path of the document below the app's base URL. */
export function documentPath({ path = 'client-metadata.json' }: ClientDocumentOptions): string {
  return path
}

/** Returns the document as JSON. @param appUrl the app's base URL, which ends with a slash */
export function clientDocument(options: ClientDocumentOptions, appUrl: string): string {
  const given = Object.entries(options).filter(([name, value]) => value !== undefined && !isSetting(name))
  const members = { ...DEFAULTS, ...(Object.fromEntries(given) as ClientDocumentOptions) }
  const uris = members.redirect_uris ?? DEFAULTS.redirect_uris
  const document = {
    ...members,
    client_id: new URL(documentFile(options), appUrl).href,
    redirect_uris: uris.map((uri) => new URL(uri, appUrl).href),
  }
  return `${JSON.stringify(document, null, 2)}\n`
}

/** Returns the file of the document in the output of a build. */
export function documentFile(options: ClientDocumentOptions): string {
  return documentPath(options).split('/').filter(Boolean).join('/')
}

/** Returns the URL of the built app with a slash at its end. Throws an Error if the option `appUrl` is absent. */
export function builtAppUrl({ appUrl }: ClientDocumentOptions): string {
  if (appUrl === undefined) {
    throw new Error(
      '[latchkey] "clientMetadata.appUrl" is missing: a build needs the URL of the app, such as "https://app.example.com/", because "client_id" is the URL of the document.',
    )
  }
  return appUrl.endsWith('/') ? appUrl : `${appUrl}/`
}

/** Returns the line of `virtual:latchkey` that exports the URL, in a module that has the constant `origin`. @param path on this origin */
export function documentUrlSource(
  path: string | undefined,
  options: ClientDocumentOptions | undefined,
  isBuild: boolean,
): string {
  if (path === undefined || options === undefined) return 'export const clientMetadataUrl = undefined\n'
  const here = `origin && new URL(${JSON.stringify(path)}, origin).href`
  if (!isBuild) return `export const clientMetadataUrl = ${here}\n`
  const url = JSON.stringify(new URL(documentFile(options), builtAppUrl(options)).href)
  // `vite preview` serves a document of its own.
  return `const isPreview = /^(?:localhost|127\\.0\\.0\\.1|\\[::1\\])$/.test(globalThis.location?.hostname ?? '')
export const clientMetadataUrl = isPreview ? ${here} : ${url}
`
}

/** Returns the hook that adds the document to the output of a build for browsers. */
export function documentAsset(
  options: Pick<LatchkeyOptions, 'clientMetadata'>,
  isForServer: () => boolean,
): (this: Pick<Rollup.PluginContext, 'emitFile'>) => void {
  return function emitDocument() {
    const { clientMetadata } = options
    if (!clientMetadata || isForServer()) return
    const source = clientDocument(clientMetadata, builtAppUrl(clientMetadata))
    this.emitFile({ type: 'asset', fileName: documentFile(clientMetadata), source })
  }
}

/** Throws an Error for members that no server accepts. */
export function checkClientDocument(options: ClientDocumentOptions | undefined, isBuild: boolean): void {
  if (options === undefined) return
  refuseMembers(options)
  const { token_endpoint_auth_method: method = 'none', redirect_uris: uris = [], path = '', appUrl } = options
  if (!METHODS.includes(method)) refuse('token_endpoint_auth_method', '"none" or "private_key_jwt"', method)
  const list = LISTS.find((name) => options[name] !== undefined && !isTextList(options[name]))
  if (list !== undefined) refuse(list, 'a list of strings', options[list])
  if (typeof path !== 'string') refuse('path', 'a path', path)
  if (appUrl !== undefined) checkAppUrl(appUrl)
  const unusable = uris.find((uri) => !URL.canParse(uri, 'http://localhost'))
  if (unusable !== undefined) refuse('redirect_uris', 'a list of URLs or paths', unusable)
  if (isBuild) builtAppUrl(options)
}

function refuseMembers(options: ClientDocumentOptions): void {
  const secret = SECRETS.find((name) => options[name] !== undefined)
  if (secret !== undefined)
    throw new Error(`[latchkey] "clientMetadata.${secret}" must not be there: everyone can read the document.`)
  if (hasPrivateKey(options['jwks']))
    throw new Error('[latchkey] "clientMetadata.jwks" has a private key: everyone can read the document. Write the public key.')
  if (options['client_id'] !== undefined)
    throw new Error('[latchkey] "clientMetadata.client_id" is the URL of the document. Remove it, and set "appUrl" and "path".')
}

function hasPrivateKey(jwks: unknown): boolean {
  const { keys } = typeof jwks === 'object' && jwks !== null ? (jwks as { readonly keys?: unknown }) : {}
  return Array.isArray(keys) && keys.some(isPrivateKey)
}

function isPrivateKey(key: unknown): boolean {
  return typeof key === 'object' && key !== null && KEY_SECRETS.some((name) => Object.hasOwn(key, name))
}

function checkAppUrl(appUrl: unknown): void {
  if (typeof appUrl !== 'string') refuse('appUrl', 'a URL', appUrl)
  else checkUrl('clientMetadata.appUrl', appUrl)
}

function refuse(name: string, expected: string, received: unknown): never {
  throw new Error(`[latchkey] "clientMetadata.${name}" must be ${expected}. Received ${describeValue(received)}.`)
}

function isSetting(name: string): boolean {
  return SETTINGS.some((setting) => setting === name)
}

function isTextList(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}
