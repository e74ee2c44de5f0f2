import { TABLES, readTypes } from '../../../test/gate/documented-types.mjs'
import { describeFunctions } from './functions.mjs'
import { pageOf } from './markdown.mjs'
import { describeMembers } from './members.mjs'

/** @typedef {readonly [entry: string, type: string, heading: string]} Table */

/**
 * A page of options.
 *
 * @typedef {object} OptionPage
 * @property {string} package
 * @property {string} title
 * @property {string} description
 * @property {number} order
 * @property {string} [introduction]
 * @property {boolean} [areFunctionsFirst]
 * @property {ReadonlyArray<string>} [first] the options of the first table that a reader looks for first
 * @property {ReadonlyArray<Table>} tables
 * @property {ReadonlyArray<readonly [entry: string, heading: string, isListed: (name: string) => boolean]>} [functions]
 */

const isAny = () => true
const isHook = (/** @type {string} */ name) => /^use[A-Z]/.test(name)
const isStore = (/** @type {string} */ name) => name.endsWith('Store') && !/^(?:accessToken|authCode|client)Store$/.test(name)

/** @param {(table: Table) => boolean} isListed */
const tablesOfCore = (isListed) => (TABLES.core ?? []).filter(isListed)

/** @type {Readonly<Record<string, OptionPage>>} */
const PAGES = {
  'client.md': {
    package: 'core',
    title: 'Client options',
    description:
      'Every option of createOAuthClient and OAuthProvider, and of the calls of a client: type, default, unit and specification.',
    order: 1,
    introduction: '`<OAuthProvider>` takes the same options as `createOAuthClient`, as props.',
    first: ['issuer', 'clientId', 'redirectUri', 'scope', 'resources'],
    tables: tablesOfCore(([entry]) => entry === 'index'),
  },
  'hooks.md': {
    package: 'react',
    title: 'Hooks',
    description: 'Every hook of @latchkey/react: signature, parameters, what it returns.',
    order: 2,
    areFunctionsFirst: true,
    tables: (TABLES.react ?? []).filter(([, type]) => type.startsWith('Use')),
    functions: [['index', 'Hooks', isHook]],
  },
  'components.md': {
    package: 'react',
    title: 'Components and guards',
    description: 'The provider, guards and functions for routers of @latchkey/react.',
    order: 3,
    areFunctionsFirst: true,
    tables: (TABLES.react ?? []).filter(([entry, type]) => entry === 'index' && !type.startsWith('Use')),
    functions: [['index', 'Components and functions', (name) => !isHook(name)]],
  },
  'testing.md': {
    package: 'react',
    title: 'Testing kit',
    description: 'Options and functions of @latchkey/react/testing.',
    order: 6,
    tables: (TABLES.react ?? []).filter(([entry]) => entry === 'testing'),
    functions: [['testing', 'Functions', isAny]],
  },
  'entries.md': {
    package: 'core',
    title: 'Other entries of the client',
    description: 'Registry, grants, idle timeout and session monitor: their options.',
    order: 7,
    tables: tablesOfCore(([entry]) => entry !== 'index'),
  },
  'providers.md': {
    package: 'core',
    title: 'Provider presets',
    description: 'Every preset of @latchkey/core/providers.',
    order: 8,
    areFunctionsFirst: true,
    tables: [],
    functions: [['providers', 'Presets', isAny]],
  },
  'client-storage.md': {
    package: 'core',
    title: 'Client storage',
    description: 'Where the client stores a session: IndexedDB, memory, web storage, your own.',
    order: 9,
    areFunctionsFirst: true,
    tables: [['index', 'TokenStorage', 'Your own: `TokenStorage`']],
    functions: [['index', 'Built in', (name) => ['indexedDb', 'memory', 'webStorage'].includes(name)]],
  },
  'oauth1.md': {
    package: 'oauth1',
    title: 'OAuth 1.0a',
    description: 'Options of the OAuth 1.0a client and of signed requests.',
    order: 10,
    tables: TABLES.oauth1 ?? [],
    functions: [
      ['index', 'Functions', isAny],
      ['signature', 'Functions of @latchkey/oauth1/signature', isAny],
    ],
  },
  'resource.md': {
    package: 'resource',
    title: 'API: @latchkey/resource',
    description: 'Options of the token verifier, of its issuers, and of logout tokens.',
    order: 11,
    tables: TABLES.resource ?? [],
    functions: [['index', 'Functions', isAny]],
  },
  'server.md': {
    package: 'server',
    title: 'Server options',
    description: 'Every option of createAuthorizationServer, of a client record, of grants and features.',
    order: 12,
    tables: [
      ...(TABLES.server ?? []),
      ['index', 'UserSiteOptions', '`userSite(options)`'],
      ['index', 'User', 'An entry of `users`'],
      ['index', 'AuthorizationCodeOptions', '`authorizationCode(options)` and `hybrid(options)`'],
      ['index', 'RefreshTokenOptions', '`refreshToken(options)`'],
      ['index', 'TokenExchangeOptions', '`tokenExchange(options)`'],
      ['index', 'JwtBearerOptions', '`jwtBearer(options)`'],
      ['index', 'PasswordOptions', '`password(options)`'],
      ['index', 'DpopOptions', '`dpop(options)`'],
      ['index', 'JarOptions', '`jar(options)`'],
      ['index', 'ParOptions', '`par(options)`'],
      ['index', 'JwtGeneratorOptions', '`jwtGenerator(options)`'],
    ],
    functions: [['index', 'Functions', (name) => !isStore(name)]],
  },
  'stores.md': {
    package: 'server',
    title: 'Server stores',
    description: 'Where the server keeps sessions, tokens and codes: memory, SQLite, PostgreSQL, MySQL, Redis, memcached, Keyv.',
    order: 13,
    areFunctionsFirst: true,
    tables: [
      ['index', 'MemoryStoreOptions', '`memoryStore(options)`'],
      ['sqlite', 'SqliteStoreOptions', '`sqliteStore(options)`'],
      ['postgres', 'PostgresStoreOptions', '`postgresStore(options)`'],
      ['mysql', 'MysqlStoreOptions', '`mysqlStore(options)`'],
      ['redis', 'RedisStoreOptions', '`redisStore(options)`'],
      ['memcached', 'MemcachedStoreOptions', '`memcachedStore(options)`'],
      ['index', 'KeyvStoreOptions', '`keyvStore(adapter, options)`'],
      ['index', 'AtomicStore', 'Your own: `AtomicStore`'],
    ],
    functions: /** @type {const} */ (['index', 'sqlite', 'postgres', 'mysql', 'redis', 'memcached']).map((entry) => [
      entry,
      entry === 'index' ? 'In `@latchkey/server`' : `In \`@latchkey/server/${entry}\``,
      isStore,
    ]),
  },
  'vite.md': {
    package: 'vite',
    title: 'Vite plugin',
    description: 'Options of the plugin @latchkey/vite, and what its module virtual:latchkey contains.',
    order: 14,
    tables: [
      ['index', 'LatchkeyOptions', '`latchkey(options)`'],
      ['index', 'TestClient', 'An entry of `clients`'],
      ['index', 'LatchkeySettings', 'What `virtual:latchkey` contains'],
    ],
  },
}

/** @returns {Record<string, string>} the pages that are generated from types, by file */
export function typePages() {
  return Object.fromEntries(Object.entries(PAGES).map(([file, page]) => [file, typePage(page)]))
}

/** @param {OptionPage} page */
function typePage({ package: name, title, description, order, introduction, areFunctionsFirst, first, tables, functions = [] }) {
  const types = readTypes(name, [...tables.map(([entry]) => entry), ...functions.map(([entry]) => entry)])
  const described = functions.map(([entry, heading, isListed]) => `## ${heading}\n\n${describeFunctions(types, entry, isListed)}`)
  const options = tables.map(([entry, type, heading], index) => {
    const settings = index === 0 ? { ...(functions.length === 0 && { prefix: '' }), ...(first && { first }) } : {}
    return `## ${heading}\n\n${describeMembers(types, entry, type, settings)}`
  })
  return pageOf({ title, description, order }, [
    introduction ?? description,
    ...(areFunctionsFirst ? [...described, ...options] : [...options, ...described]),
  ])
}
