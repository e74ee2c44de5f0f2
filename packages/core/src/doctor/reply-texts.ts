import { appOrigin, type Examination } from './examination.js'
import { plainLine } from './plain-line.js'
import type { Reply } from './probes.js'

/** Longest part of a server's own text in a finding. */
const MAX_LENGTH = 300

/** What became of a request, as one sentence. */
export function describeReply(reply: Reply): string {
  switch (reply.outcome) {
    case 'hidden':
      return 'the server responds, and the browser hides the response (CORS).'
    case 'forbidden':
      return `the Content Security Policy of this page blocks the request (${reply.directive}).`
    case 'unreachable':
      return `no response (${reply.reason}).`
    case 'response': {
      const location = reply.headers.get('location')
      if (location !== null) return `status ${reply.status}, a redirect to ${shortened(location)}.`
      const kind = reply.headers.get('content-type')?.split(';', 1)[0] ?? 'no content type'
      return `status ${reply.status}, ${kind}.`
    }
  }
}

/** A value of the server or of the options in a finding: short, on one line, in quotes. */
export function quoted(value: unknown): string {
  return JSON.stringify(typeof value === 'string' ? shortened(value) : value) ?? 'absent'
}

/** @returns the start of a text, on one line, without control characters */
export function shortened(text: string): string {
  return plainLine(text, MAX_LENGTH)
}

/** What to do about an address that does not respond, or not as expected. */
export function reachChange(name: string, reply: Reply): string {
  const reason = reply.outcome === 'unreachable' ? reply.reason : ''
  if (/CERT|SSL|TLS|SIGNATURE/i.test(reason)) {
    return (
      'Give the server a certificate that browsers trust, for this host name and with all intermediate certificates. ' +
      'If it is of your own authority, run this command with NODE_EXTRA_CA_CERTS.'
    )
  }
  if (reply.outcome === 'response' && reply.headers.has('location'))
    return `Set "${name}" to the address after the redirect${name === 'issuer' ? '' : ', in the server metadata or in the option "server"'}: a request with a code or token follows no redirect.`
  const proxy =
    reply.outcome === 'response'
      ? 'that no proxy or firewall responds instead'
      : 'that the server runs and can be reached from here'
  return `Check "${name}", upper and lower case too, and ${proxy}.`
}

/** The headers that a page of the app needs. */
export function corsExpected(examination: Pick<Examination, 'setup'>): string {
  const origin = appOrigin(examination) ?? 'the origin of the app'
  return `One header "Access-Control-Allow-Origin: *", or with ${origin}, in successful responses and in errors.`
}

/** What to change so that a page of the app may read responses of the server. */
export function corsChange(examination: Pick<Examination, 'setup'>): string {
  const origin = appOrigin(examination) ?? 'the origin of the app'
  return `Allow the origin ${origin} at the authorization server, for all its endpoints but the authorization endpoint.`
}
