// Which imports are allowed: downwards only, between packages and between the folders of a package. Dynamic and type imports count too.

/** What each package may import of the others. */
const MAY_IMPORT = {
  core: [],
  oauth1: ['core'],
  // `@latchkey/react/testing` loads the server, in tests only.
  react: ['core', 'server'],
  server: ['oauth1', 'resource'],
  resource: [],
  vite: ['server'],
  cli: ['server', 'core'],
}

/** The folders of each package's source. A folder may import those that come later in its list; the entries may import all. */
const FOLDERS = {
  core: [
    'doctor',
    'telemetry',
    'attempts',
    'accounts',
    'registry',
    'worker',
    'session-monitor',
    'idle-timeout',
    'front-channel-logout',
    'native',
    'refresh-worker',
    'resource-client',
    'client',
    'endpoints',
    'grants',
    'providers',
    'sign-out',
    'fetch',
    'refresh',
    'sign-in',
    'session',
    'storage',
    'client-authentication',
    'protocol',
    'platform',
    'errors',
  ],
  oauth1: ['client', 'signature'],
  react: ['devtools', 'testing', 'guards', 'hooks', 'provider'],
  resource: ['guards', 'providers', 'logout', 'verifier', 'issuers', 'dpop', 'http'],
  server: ['adapters', 'server', 'features', 'resource', 'authorize', 'options', 'site', 'token', 'limits', 'http', 'storage'],
}

/**
 * Files that a folder further down may import too. `ServerContext` and `Feature` describe the whole server, so that each part takes
 * them; the others are one type or one small function.
 *
 * @type {Readonly<Record<string, readonly string[]>>}
 */
const SHARED = {
  core: ['platform/is-record.ts', 'platform/base64.ts', 'platform/parse-url.ts', 'platform/is-development.ts'],
  server: [
    'http/parse-json.ts',
    'http/parse-url.ts',
    'http/unsafe-scheme.ts',
    'options/server-context.ts',
    'options/find-similar.ts',
    'options/check-members.ts',
    'options/without-undefined.ts',
    'features/feature.ts',
    'server/authorization-server.ts',
    'server/context-of.ts',
    'resource/proof-of-possession.ts',
    'authorize/rules/check-resource.ts',
    'authorize/response-type.ts',
    'site/complete-site.ts',
    'site/site-adapter.ts',
    'token/token-generator.ts',
    'token/scope.ts',
  ],
}

// Tests stand beside the code and may use any package; so may the fixtures they share.
const TEST = '[.](test|test-d|contract|fixture)[.]tsx?$'
const packages = Object.keys(MAY_IMPORT).join('|')

const ERROR = /** @type {const} */ ('error')

const arrows = Object.entries(MAY_IMPORT).map(([name, allowed]) => ({
  name: `${name}-imports-downwards`,
  severity: ERROR,
  comment: `packages/${name} may import ${allowed.join(', ') || 'no other package of this workspace'}`,
  from: { path: `^packages/${name}/`, pathNot: TEST },
  to: { path: `^(packages|playground|test)/|^@latchkey/`, pathNot: [name, ...allowed].map((to) => `^packages/${to}/`) },
}))

const folderArrows = Object.entries(FOLDERS).flatMap(([name, folders]) => [
  {
    name: `${name}-has-no-other-folder`,
    severity: ERROR,
    comment: 'a new folder needs its place in the list in test/gate/arrows.cjs',
    from: { path: `^packages/${name}/src/[^/]+/`, pathNot: [...folders.map((each) => `^packages/${name}/src/${each}/`), TEST] },
    to: {},
  },
  ...folders.map((folder, index) => ({
    name: `${name}-${folder}-imports-downwards`,
    severity: ERROR,
    comment: `${folder}/ may import ${folders.slice(index + 1).join(', ') || 'no other folder'}`,
    from: { path: `^packages/${name}/src/${folder}/`, pathNot: TEST },
    to: {
      path: `^packages/${name}/src/`,
      pathNot: [
        ...[...folders.slice(index).map((to) => `${to}/`), ...(SHARED[name] ?? [])].map((to) => `^packages/${name}/src/${to}`),
        TEST,
      ],
    },
  })),
])

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...arrows,
    ...folderArrows,
    {
      name: 'no-cycle',
      severity: 'error',
      comment: 'a file can be read without those that import it',
      from: { path: `^packages/(${packages})/src/`, pathNot: TEST },
      to: { circular: true },
    },
    {
      name: 'dynamic-imports-of-core-in-one-file-for-each-entry',
      severity: 'error',
      comment:
        'where a dynamic import stands decides how a bundler cuts an app: see client/lazy.ts. Each of these files says why it is apart',
      from: {
        path: '^packages/core/src/',
        pathNot: [
          '^packages/core/src/client/(lazy|lazy-rare|page-loaders)\\.ts$',
          '^packages/core/src/(grants|registry)/lazy\\.ts$',
          TEST,
        ],
      },
      to: { dynamic: true },
    },
    {
      name: 'only-react-imports-react',
      severity: 'error',
      comment: 'React belongs to packages/react, the playground and the tests',
      from: { path: '^packages/', pathNot: '^packages/react/' },
      to: {
        path: '(^|node_modules/)(react|react-dom|@types/react|@types/react-dom|@tanstack/react-query|@testing-library/react)(/|$)',
      },
    },
    {
      name: 'only-the-testing-kit-imports-the-server',
      severity: 'error',
      comment: 'an app must not bundle an authorization server',
      from: { path: '^packages/react/src/', pathNot: ['^packages/react/src/testing/', TEST] },
      to: { path: '^packages/server/' },
    },
    {
      name: 'no-deep-imports',
      severity: 'error',
      comment: 'another package is imported by its name and its entries, never by a path into its folder',
      from: { path: `^(packages/(${packages})|playground|test)/` },
      to: {
        path: `^(packages/(${packages})|playground)/`,
        pathNot: '^$1/',
        dependencyTypes: ['local'],
      },
    },
    {
      name: 'no-test-in-source',
      severity: 'error',
      comment: 'what is published does not import tests, fixtures or development dependencies',
      from: { path: `^packages/(${packages})/src/`, pathNot: TEST },
      to: { path: TEST },
    },
    {
      name: 'no-development-dependency-in-source',
      severity: 'error',
      from: { path: `^packages/(${packages})/src/`, pathNot: TEST },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['npm-peer', 'type-only'] },
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true, pathNot: '^virtual:' } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@latchkey/source', 'import', 'module', 'types', 'default'],
      extensions: ['.ts', '.tsx', '.mjs', '.cjs', '.js', '.json'],
    },
  },
}
