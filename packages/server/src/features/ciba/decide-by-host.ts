import type { Decision } from '../polling/decisions.js'
import { defined } from '../../options/defined.js'
import type { ServerParts } from '../../options/server-parts.js'
import type { SignedIn } from '../../site/site-adapter.js'
import { decideCibaRequest, findWaitingRequest } from './ciba-request.js'

/** @returns whether the request waited for this person, and this is its first answer */
export async function decideByHost(requestId: string, approvedBy: SignedIn | undefined, server: ServerParts): Promise<boolean> {
  const request = await findWaitingRequest(requestId, server)
  if (!request || (approvedBy && approvedBy.userId !== request.userId)) return false
  return decideCibaRequest(request, approvedBy ? approvalOf(approvedBy, server) : { allowed: false }, server)
}

function approvalOf({ userId, data = {}, authTime, acr, amr }: SignedIn, server: ServerParts): Decision {
  const now = Math.floor(server.now() / 1000)
  return { allowed: true, userId, data, authTime: authTime ?? now, ...defined({ acr, amr }) }
}
