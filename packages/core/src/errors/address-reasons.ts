import type { AddressReasons, TextsOf } from './reasons.js'

/** The section of an option; that of server metadata is the one of its code. */
const specOf = (code: string): string | undefined => (code === 'configuration' ? 'RFC 6749, section 3' : undefined)

/** Of addresses that requests go to. Apart from the other texts, for options that are checked before anything can be loaded. */
export const ADDRESS_REASONS: TextsOf<AddressReasons> = {
  noUrl: (name, code) => ({
    message: `${name} is missing or not a URL.`,
    hint: `Give ${name} as an absolute https URL.`,
    spec: specOf(code),
  }),
  plainHttp: (name, code) => ({
    message: `${name} is not an https URL.`,
    hint: 'Serve it over https; plain http is for localhost, 127.0.0.1 and [::1], and between servers with "allowPlainHttp".',
    spec: specOf(code),
  }),
}
