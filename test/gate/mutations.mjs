// Breaks each numbered invariant (test titles name them: "invariant 5") and the rules of test/conformance once, and expects a test to fail:
// `npm run mutations [-- part of a name]`.
// It edits sources in place, puts them back, and takes minutes. The gate checks with --check that each mutation still finds its place.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { root } from './command.mjs'

/**
 * @typedef {{ name: string, file: string, from: string, to: string, project: string, test: string }} Mutation
 * @type {readonly Mutation[]}
 */
const MUTATIONS = [
  {
    name: '1 the transaction stays in storage',
    file: 'packages/core/src/sign-in/transaction-store.ts',
    from: 'records.take(this.#prefix + state)',
    to: 'records.read(this.#prefix + state).then((record) => (record && record !== "unreadable" ? record.value : undefined))',
    project: 'node',
    test: 'packages/core/src/client/create-client.test.ts',
  },
  {
    name: 'accounts: the organization is not compared',
    file: 'packages/core/src/accounts/organization.ts',
    from: 'if (!isRequested) throw otherOrganization(',
    to: 'if (!isRequested) void otherOrganization(',
    project: 'node',
    test: 'packages/core/src/accounts/organization.test.ts',
  },
  {
    name: 'accounts: a slot takes the tokens of another user',
    file: 'packages/core/src/accounts/claim-slot.ts',
    from: 'if (own?.id !== undefined) throw otherAccount(',
    to: 'if (own?.id !== undefined) void otherAccount(',
    project: 'node',
    test: 'packages/core/src/accounts/create-accounts.test.ts',
  },
  {
    name: '2 no lock between tabs',
    file: 'packages/core/src/refresh/tab-lock.ts',
    from: 'if (locks) return await withWebLock(',
    to: 'if (locks) return await granted()\n      if (locks) return await withWebLock(',
    project: 'browser',
    test: 'packages/core/src/session/tabs.browser.test.ts',
  },
  {
    name: '2 storage is not read again under the lock',
    file: 'packages/core/src/refresh/refresh-session.ts',
    from: 'if (isPlain && !isSameToken(tokenSet, known) && isFresh(tokenSet)) return tokenSet',
    to: 'void [isPlain, isSameToken, known]',
    project: 'browser',
    test: 'packages/core/src/session/tabs.browser.test.ts',
  },
  {
    name: '3 a transient failure ends the session',
    file: 'packages/core/src/refresh/refresh-session.ts',
    from: "cause instanceof OAuthClientError && cause.code === 'invalid_grant'",
    to: "cause instanceof OAuthClientError && cause.code !== 'timeout'",
    project: 'node',
    test: 'packages/core/src/client/create-client.test.ts',
  },
  {
    name: '4 the signature is not verified',
    file: 'packages/core/src/protocol/id-token-checks.ts',
    from: 'await verifySignature(context, server, response)',
    to: 'void verifySignature',
    project: 'node',
    test: 'packages/core/src/protocol/id-token.test.ts',
  },
  {
    name: '4 the short checks of an ID token do not verify its signature',
    file: 'packages/core/src/protocol/id-token.ts',
    from: '(await isSigned(`${head}.${body}`, signature, key, alg))',
    to: 'true',
    project: 'node',
    test: 'packages/core/src/protocol/plain-id-token.test.ts',
  },
  {
    name: '4 the short checks of an ID token do not compare the nonce',
    file: 'packages/core/src/protocol/id-token.ts',
    from: 'expected.isRefresh || nonce === expected.nonce',
    to: 'true',
    project: 'node',
    test: 'packages/core/src/protocol/plain-id-token.test.ts',
  },
  {
    name: '5 a prefix without a path boundary',
    file: 'packages/core/src/fetch/resource-list.ts',
    from: ".replace(/\\/?$/, '/')",
    to: ".replace(/\\/?$/, '')",
    project: 'node',
    test: 'packages/core/src/fetch/resource-list.test.ts',
  },
  {
    name: '6 ciphertext that is not bound to its record',
    file: 'packages/core/src/storage/record-store.ts',
    from: 'additionalData: new TextEncoder().encode(key)',
    to: 'additionalData: new TextEncoder().encode(key.slice(0, 0))',
    project: 'node',
    test: 'packages/core/src/storage/record-store.test.ts',
  },
  {
    name: '7 answers from any origin',
    file: 'packages/core/src/sign-in/transports/listen-for-response.ts',
    from: 'if (url?.origin !== origin) return',
    to: 'if (!url) return',
    project: 'node',
    test: 'packages/core/src/sign-in/transports/listen-for-response.test.ts',
  },
  {
    name: '8 any URL to return to',
    file: 'packages/core/src/sign-in/return-to.ts',
    from: 'origin === ANY_ORIGIN && staysHere(pathname)',
    to: 'origin === ANY_ORIGIN',
    project: 'node',
    test: 'packages/core/src/sign-in/return-to.test.ts',
  },
  {
    name: '15 a response at any address',
    file: 'packages/core/src/protocol/unusual-response.ts',
    from: 'if (!isAtRedirectUri(callbackUrl, expectation.redirectUri))',
    to: 'if (isAtRedirectUri(callbackUrl, ""))',
    project: 'node',
    test: 'packages/core/src/sign-in/mix-up.test.ts',
  },
  {
    name: '15 a usual response at any address',
    file: 'packages/core/src/protocol/authorization-response.ts',
    from: 'origin + pathname === redirectUri',
    to: 'origin + pathname !== ""',
    project: 'node',
    test: 'packages/core/src/sign-in/mix-up.test.ts',
  },
  {
    name: '9 a loop of twenty',
    file: 'packages/core/src/sign-in/redirect-guard.ts',
    from: 'const MAX_REDIRECTS = 2',
    to: 'const MAX_REDIRECTS = 20',
    project: 'node',
    test: 'packages/core/src/sign-in/redirect-guard.test.ts',
  },
  {
    name: '10 a write that ignores what another tab wrote',
    file: 'packages/core/src/storage/write-record.ts',
    from: 'isWritten = mayReplace(stored, expected)',
    to: 'isWritten = mayReplace(stored, expected) || true',
    project: 'node',
    test: 'packages/core/src/storage/record-store.test.ts',
  },
  {
    name: '11 storage failures thrown',
    file: 'packages/core/src/storage/resilient-storage.ts',
    from: '        this.degrade(cause)',
    to: '        throw cause',
    project: 'node',
    test: 'packages/core/src/storage/record-store.test.ts',
  },
  {
    name: '12 the server’s echo of a secret',
    file: 'packages/core/src/protocol/server-errors.ts',
    from: 'withoutSecrets(value, secrets) : undefined',
    to: 'value : undefined',
    project: 'node',
    test: 'packages/core/src/errors/errors.test.ts',
  },
  {
    name: '13 new claims with every token',
    file: 'packages/core/src/session/session-state.ts',
    from: 'ofTheUser(former) === ofTheUser(claims) ? former : claims',
    to: 'ofTheUser(former) === ofTheUser(claims) ? { ...claims } : claims',
    project: 'node',
    test: 'packages/core/src/session/session-state.test.ts',
  },
]

/** What oauth4webapi finds wrong with an ID token is overlooked. */
const CREDULOUS = {
  file: 'packages/core/src/protocol/id-token-checks.ts',
  from: '    throw error instanceof OAuthClientError ? error : invalidIdToken(error)',
  to: `    if (error instanceof OAuthClientError) throw error
    return JSON.parse(new TextDecoder().decode(Uint8Array.from(atob((idToken.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0))))`,
}

/** The rules of the OpenID relying-party tests, each with its file in test/conformance. */
const CONFORMANCE = [
  ...['aud', 'exp', 'iat', 'issuer-mismatch', 'sig-none', 'sub', 'bad-sig-hs256'].map((rule) =>
    conformance(`id_token-${rule}`, CREDULOUS),
  ),
  conformance('nonce-invalid', {
    file: 'packages/core/src/protocol/id-token-checks.ts',
    from: 'expected.isRefresh === true || claims.nonce === expected.nonce',
    to: 'true',
  }),
  ...['rs256', 'es256', 'ps256'].map((algorithm) =>
    conformance(`id_token-bad-sig-${algorithm}`, {
      file: 'packages/core/src/protocol/id-token-checks.ts',
      from: 'await verifySignature(context, server, response)',
      to: 'void verifySignature',
    }),
  ),
  conformance('id_token-bad-at_hash', {
    file: 'packages/core/src/protocol/id-token-checks.ts',
    from: "await checkHash(claims['at_hash'], expected.accessToken, expected.algorithm, 'at_hash')",
    to: '',
  }),
  conformance('id_token-bad-c_hash', {
    file: 'packages/core/src/protocol/front-channel.ts',
    from: "await checkHash(claims['c_hash'], single(parameters, 'code') ?? '', algorithm, 'c_hash')",
    to: '',
  }),
  conformance('id_token-missing-c_hash', {
    file: 'packages/core/src/protocol/front-channel.ts',
    from: "check(claims['c_hash'] !== undefined, 'c_hash', 'is missing', 'section 3.3.2.11')",
    to: '',
  }),
  conformance('id_token-kid-absent-multiple-jwks', {
    file: 'packages/core/src/protocol/id-token-checks.ts',
    from: 'await verifySignature(context, server, response)',
    to: 'void verifySignature',
  }),
  conformance('key-rotation-op-sign-key', {
    file: 'packages/core/src/protocol/server-keys.ts',
    from: 'return verify(await refetched(context, record))',
    to: 'return verify(record)',
  }),
]

/**
 * @param {string} rule
 * @param {Pick<Mutation, 'file' | 'from' | 'to'>} change
 * @returns {Mutation}
 */
function conformance(rule, change) {
  return { name: `rp-${rule}`, ...change, project: 'node', test: `test/conformance/rp-${rule}.test.ts` }
}

const { values: flags, positionals: parts } = parseArgs({ options: { check: { type: 'boolean' } }, allowPositionals: true })
const chosen = [...MUTATIONS, ...CONFORMANCE].filter(
  ({ name }) => parts.length === 0 || parts.some((part) => name.includes(part)),
)
process.exitCode = lost(chosen) ? 1 : flags.check ? 0 : run(chosen)

/**
 * @param {readonly Mutation[]} mutations
 * @returns {boolean} whether a place or a test is not where its mutation expects it
 */
function lost(mutations) {
  const unknown = mutations.filter(({ file, from, test }) => !read(file).includes(from) || read(test) === '')
  for (const { name, file, test } of unknown)
    console.log(`${name}: not found in ${file}, or no ${test}. Update test/gate/mutations.mjs.`)
  console.log(`${mutations.length - unknown.length} of ${mutations.length} mutations find their place`)
  return unknown.length > 0
}

/** @param {string} file */
function read(file) {
  const path = join(root, file)
  return existsSync(path) ? readFileSync(path, 'utf8') : ''
}

/**
 * @param {readonly Mutation[]} mutations
 * @returns {number} exit code
 */
function run(mutations) {
  for (const project of new Set(mutations.map((each) => each.project))) {
    const tests = mutations.filter((each) => each.project === project).map(({ test }) => test)
    if (passes(project, [...new Set(tests)])) continue
    console.log(`the tests of the project "${project}" fail on the unchanged sources`)
    return 1
  }
  const missed = mutations.filter((mutation) => {
    const isMissed = passesBroken(mutation)
    console.log(`${isMissed ? 'NOT DETECTED' : 'detected    '}  ${mutation.name}`)
    return isMissed
  })
  console.log(`${mutations.length - missed.length} passed, ${missed.length} failed`)
  return missed.length > 0 ? 1 : 0
}

/**
 * @param {Mutation} mutation
 * @returns {boolean} whether the tests pass although the source is broken
 */
function passesBroken({ file, from, to, project, test }) {
  const path = join(root, file)
  const source = read(file)
  writeFileSync(
    path,
    source.replace(from, () => to),
  )
  try {
    return passes(project, [test])
  } finally {
    writeFileSync(path, source)
  }
}

/**
 * @param {string} project
 * @param {readonly string[]} tests
 */
function passes(project, tests) {
  return spawnSync('npx', ['vitest', 'run', '--project', project, ...tests], { cwd: root, stdio: 'ignore' }).status === 0
}
