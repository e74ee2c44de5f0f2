import { DPOP_ALGORITHMS } from '@latchkey/resource/internals'
import type { Feature } from '../feature.js'
import { checkDpopJkt } from './check-dpop-jkt.js'
import { checkDpopProof } from './check-dpop-proof.js'
import { checkMembers, type MembersOf } from '../../options/check-members.js'

/** Options of {@link dpop}. */
export interface DpopOptions {
  /** Require a nonce of this server in every proof (RFC 9449, section 8). Default false. */
  readonly requireNonce?: boolean | undefined
}

const OPTIONS: MembersOf<DpopOptions> = { requireNonce: true }

/** Creates the feature of DPoP: tokens bound to a key of the client. Every server has it; add it to set options. @see RFC 9449 */
export function dpop(options: DpopOptions = {}): Feature {
  checkMembers(options, OPTIONS, { name: 'dpop' })
  const { requireNonce = false } = options
  return {
    name: 'dpop',
    rules: [checkDpopJkt],
    proofOfPossession: (server) => ({
      algorithms: DPOP_ALGORITHMS,
      check: (request, target) => {
        const { stores, secret } = server
        return checkDpopProof(request, target, { stores, secret, now: () => server.now(), requireNonce })
      },
    }),
    metadata: () => ({ dpop_signing_alg_values_supported: DPOP_ALGORITHMS }),
    clientMetadata: { members: { dpopBoundAccessTokens: { wireName: 'dpop_bound_access_tokens', type: 'flag' } } },
  }
}
