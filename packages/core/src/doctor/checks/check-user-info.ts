import { type Check, findingsOf } from '../examination.js'
import { policyFinding } from '../policy-finding.js'
import { corsChange, describeReply, reachChange } from '../reply-texts.js'

/** Requests the UserInfo endpoint with an invalid access token: whether a page may read its responses. */
export const checkUserInfo: Check = {
  name: 'UserInfo endpoint: CORS',
  async run(examination) {
    const { metadata, probes } = examination
    if (!metadata) return { skipped: 'there is no server metadata' }
    const url = metadata.userinfo_endpoint
    if (url === undefined) return { skipped: 'the server metadata has no UserInfo endpoint' }
    const find = findingsOf(examination)
    const reply = await probes.send(url, { headers: { authorization: 'Bearer latchkey-doctor' } })
    const seen = `${url}: ${reply.outcome === 'response' ? (reply.corsProblem ?? '') : describeReply(reply)}`
    if (reply.outcome === 'response' && reply.corsProblem === undefined) return []
    if (reply.outcome === 'unreachable') {
      return [
        find('endpoint_unreachable', {
          severity: 'warning',
          seen: `The UserInfo endpoint ${seen}`,
          expected: 'A status of 401 for an invalid access token.',
          change: reachChange('userinfo_endpoint', reply),
        }),
      ]
    }
    if (reply.outcome === 'forbidden') return [policyFinding(examination, url, { seen, severity: 'warning' })]
    return [
      find('cors_userinfo', {
        severity: 'warning',
        seen,
        expected:
          'CORS headers in the response, and in the one to the preflight request, which must allow the header "Authorization".',
        change: corsChange(examination),
      }),
    ]
  },
}
