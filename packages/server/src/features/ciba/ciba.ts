import { checkCibaClient } from './check-ciba-client.js'
import { CIBA_GRANT_TYPE, cibaDecisions, findCibaRequest } from './ciba-request.js'
import type { CibaSettings } from './ciba-settings.js'
import { defined } from '../../options/defined.js'
import { grantBase, type Grant, type GrantOptions } from '../../token/grants/grant.js'
import { pollDecision } from '../polling/poll-decision.js'

export interface CibaOptions extends GrantOptions, Partial<CibaSettings> {}

/**
 * Client-initiated backchannel authentication, in poll mode: a client asks a person who is elsewhere, at a till or on the phone, to
 * say yes on their own device. @see OpenID Connect CIBA Core 1.0
 */
export function ciba(options: CibaOptions = {}): Grant {
  const {
    requestLifetime = 300,
    longestLifetime = 900,
    interval = 5,
    maxAge,
    notifyUser,
    readLoginHintToken,
    checkUserCode,
  } = options
  if (!(requestLifetime > 0 && requestLifetime <= longestLifetime))
    throw new TypeError('requestLifetime: expected seconds above 0 and at most longestLifetime')
  if (maxAge !== undefined && !(maxAge >= 60))
    throw new TypeError('maxAge: expected 60 seconds or more, so that there is time to read between sign-in and answer')
  return {
    ...grantBase(options),
    grantType: CIBA_GRANT_TYPE,
    ciba: { requestLifetime, longestLifetime, interval, ...defined({ maxAge, notifyUser, readLoginHintToken, checkUserCode }) },
    async handle(request) {
      checkCibaClient(request.client)
      return pollDecision(request, { parameter: 'auth_req_id', find: findCibaRequest, decisions: cibaDecisions, interval })
    },
  }
}
