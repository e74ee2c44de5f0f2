import { isRecord } from '@latchkey/resource/internals'
import { OAuthError } from '../../http/oauth-error.js'
import type { AccessTokenRecord } from '../../storage/access-token-store.js'

/** No chain of services is longer; each of them adds to the token. */
const MAX_ACTORS = 10

/**
 * Returns the data of the subject token with the actor: the current actor is outermost, and everyone who acted before is nested in it.
 * Without an actor token, the chain stays as it is. Throws OAuthError `invalid_request` for a chain that is too long.
 *
 * @see RFC 8693, sections 1.1 and 4.1
 */
export function addActor(subject: AccessTokenRecord, actor: AccessTokenRecord | undefined): AccessTokenRecord['data'] {
  if (!actor) return subject.data
  const actors = [{ sub: actor.userId ?? actor.clientId }, ...actorsOf(actor), ...actorsOf(subject)]
  if (actors.length > MAX_ACTORS) throw new OAuthError('invalid_request', `the chain of actors is longer than ${MAX_ACTORS}`)
  const act = actors.reduceRight<Actor | undefined>((former, party) => (former ? { ...party, act: former } : party), undefined)
  return { ...subject.data, act }
}

type Actor = Readonly<Record<string, unknown>>

/** Returns the parties of a token's `act`, the current one first, without those nested in them. */
function actorsOf({ data }: AccessTokenRecord): readonly Actor[] {
  const actors: Actor[] = []
  let current = data['act']
  while (isRecord(current) && actors.length <= MAX_ACTORS) {
    const { act, ...party } = current
    actors.push(party)
    current = act
  }
  return actors
}
