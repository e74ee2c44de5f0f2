/** @type {import('jest').Config} */
module.exports = {
  rootDir: '..',
  testMatch: ['<rootDir>/jest/**/*.test.tsx'],
  // jsdom, with what it lacks of Node.
  testEnvironment: '<rootDir>/jest/environment.cjs',
  testTimeout: 30_000,
  setupFilesAfterEnv: ['<rootDir>/vitest/setup.ts'],
  transform: {
    '\\.[cm]?[jt]sx?$': [
      '@swc/jest',
      {
        module: { type: 'commonjs' },
        jsc: { target: 'es2022', parser: { syntax: 'typescript', tsx: true }, transform: { react: { runtime: 'automatic' } } },
      },
    ],
  },
  // Latchkey and some packages that it uses are ES modules, which Jest does not load by itself.
  transformIgnorePatterns: ['/node_modules/(?!(@latchkey|@noble|jose|oauth4webapi|idb-keyval|hono|keyv|@keyv|ipaddr.js)/)'],
}
