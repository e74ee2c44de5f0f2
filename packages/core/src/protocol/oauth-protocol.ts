import { createAuthorizationRequest } from './authorization-request.js'
import { createEndSessionUrl } from './end-session.js'
import { loadServer } from './load-server.js'
import { toClientError } from './protocol-errors.js'
import { processAuthorizationResponse } from './process-response.js'
import type { Protocol } from './protocol.js'
import { refreshTokenSet, requestNarrowToken } from './refresh-grant.js'
import { revokeToken } from './revocation.js'
import { fetchUserInfo } from './userinfo.js'

/** Whatever goes wrong inside leaves as an error of this library. */
function reporting<Args extends readonly unknown[], Result>(
  run: (...args: Args) => Promise<Result>,
): (...args: Args) => Promise<Result> {
  return async (...args) => {
    try {
      return await run(...args)
    } catch (error) {
      throw toClientError(error)
    }
  }
}

/** The protocol over oauth4webapi: one function for each thing that is asked of an authorization server. */
export const protocol: Protocol = {
  loadServer: reporting(loadServer),
  createAuthorizationRequest: reporting(createAuthorizationRequest),
  processAuthorizationResponse: reporting(processAuthorizationResponse),
  refreshTokenSet: reporting(refreshTokenSet),
  requestNarrowToken: reporting(requestNarrowToken),
  fetchUserInfo: reporting(fetchUserInfo),
  revokeToken: reporting(revokeToken),
  createEndSessionUrl: reporting(createEndSessionUrl),
}
