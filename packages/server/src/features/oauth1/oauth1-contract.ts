import type { ContractCase } from '../../storage/store-contract.js'
import type { NonceUse, OAuth1Hooks, TemporaryCredential } from './oauth1-hooks.js'

const unique = (): string => crypto.randomUUID()

function check(condition: boolean, expectation: string): void {
  if (!condition) throw new Error(`expected ${expectation}`)
}

function temporaryCredential(): TemporaryCredential {
  return {
    token: unique(),
    tokenSecret: 'ä secret',
    clientId: 'c',
    callback: 'https://app.example/',
    expiresAt: Date.now() + 60_000,
  }
}

/** What hooks must do, whatever they keep credentials in. Uses the real clock. */
export const oauth1HooksContract: readonly ContractCase<OAuth1Hooks>[] = [
  {
    name: 'returns temporary credentials until they are deleted, and lets one of ten callers delete them',
    async run(hooks) {
      const credential = temporaryCredential()
      check((await hooks.getTemporaryCredential(credential.token)) === undefined, 'undefined before they are created')
      await hooks.createTemporaryCredential(credential)
      const found = await hooks.getTemporaryCredential(credential.token)
      check(found?.tokenSecret === credential.tokenSecret && found.clientId === 'c', 'the credentials as they were created')
      check(found?.verifier === undefined, 'no verifier before a user has decided')
      const deletions = await Promise.all(Array.from({ length: 10 }, async () => hooks.deleteTemporaryCredential(credential)))
      check(deletions.filter((isFirst) => isFirst).length === 1, 'one true among 10')
      check((await hooks.getTemporaryCredential(credential.token)) === undefined, 'undefined after they were deleted')
    },
  },
  {
    name: 'keeps the first of ten decisions about temporary credentials',
    async run(hooks) {
      const credential = temporaryCredential()
      await hooks.createTemporaryCredential(credential)
      const grants = Array.from({ length: 10 }, (_, index) => ({ userId: `user ${index}`, verifier: unique() }))
      const decisions = await Promise.all(grants.map(async (grant) => hooks.createAuthorizationVerifier(credential, grant)))
      check(decisions.filter((isFirst) => isFirst).length === 1, 'one true among 10')
      const first = grants[decisions.indexOf(true)]
      const found = await hooks.getTemporaryCredential(credential.token)
      check(found?.verifier === first?.verifier && found?.userId === first?.userId, 'verifier and user of the first decision')
    },
  },
  {
    name: 'returns token credentials to their client only, until they are deleted',
    async run(hooks) {
      const credential = { token: unique(), tokenSecret: 'ä secret', clientId: 'a', userId: 'alice' }
      await hooks.createTokenCredential(credential)
      const found = await hooks.getTokenCredential('a', credential.token)
      check(found?.tokenSecret === credential.tokenSecret && found.userId === 'alice', 'the credentials as they were created')
      check((await hooks.getTokenCredential('b', credential.token)) === undefined, 'undefined for another client')
      await hooks.deleteTokenCredential('b', credential.token)
      check((await hooks.getTokenCredential('a', credential.token)) !== undefined, 'no deletion by another client')
      await hooks.deleteTokenCredential('a', credential.token)
      check((await hooks.getTokenCredential('a', credential.token)) === undefined, 'undefined after they were deleted')
    },
  },
  {
    name: 'reports a nonce as unused to one of 25 callers, and tells nonces, timestamps, clients and tokens apart',
    async run(hooks) {
      const use: NonceUse = { nonce: unique(), timestamp: 1, clientId: 'c', token: 't', expiresAt: Date.now() + 60_000 }
      const uses = await Promise.all(Array.from({ length: 25 }, async () => hooks.existsNonce(use)))
      check(uses.filter((wasUsed) => !wasUsed).length === 1, 'one false among 25')
      for (const other of [{ nonce: unique() }, { timestamp: 2 }, { clientId: 'd' }, { token: 'u' }, { token: undefined }])
        check(!(await hooks.existsNonce({ ...use, ...other })), `false for another ${Object.keys(other).join()}`)
    },
  },
]
