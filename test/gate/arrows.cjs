// Which way imports may run (DESIGN.md, section 2): downwards only. dependency-cruiser holds it, dynamic and type imports included.

/** What each package may import of the others; nothing is said of itself. */
const MAY_IMPORT = {
  core: [],
  oauth1: ['core'],
  react: ['core'],
  server: ['oauth1'],
  vite: ['server'],
  cli: ['server', 'core'],
}

// Tests stand beside the code and may use any package; so may the fixtures they share.
const TEST = '[.](test|test-d|contract|fixture)[.]tsx?$'
const packages = Object.keys(MAY_IMPORT).join('|')

const arrows = Object.entries(MAY_IMPORT).map(([name, allowed]) => ({
  name: `${name}-imports-downwards`,
  severity: 'error',
  comment: `packages/${name} may import ${allowed.join(', ') || 'no other package of this workspace'}`,
  from: { path: `^packages/${name}/`, pathNot: TEST },
  to: { path: `^(packages|playground|test)/|^@latchkey/`, pathNot: [name, ...allowed].map((to) => `^packages/${to}/`) },
}))

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...arrows,
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
    tsConfig: { fileName: 'tsconfig.test.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@latchkey/source', 'import', 'module', 'types', 'default'],
      extensions: ['.ts', '.tsx', '.mjs', '.cjs', '.js', '.json'],
    },
  },
}
