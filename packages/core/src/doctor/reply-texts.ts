import { appOrigin, type Examination } from './examination.js'
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
  // oxlint-disable-next-line no-control-regex -- a terminal would obey them
  const line = text.replaceAll(/[\s\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g, ' ').trim()
  return line.length > MAX_LENGTH ? `${line.slice(0, MAX_LENGTH)}…` : line
}

/** What to change so that a page of the app may read responses of the server. */
export function corsChange(examination: Pick<Examination, 'setup'>): string {
  const origin = appOrigin(examination) ?? 'the origin of the app'
  return `Allow the origin ${origin} at the authorization server, for all its endpoints but the authorization endpoint.`
}
