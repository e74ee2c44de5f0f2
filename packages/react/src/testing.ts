export { createTestClient, type TestClient } from './testing/test-client.js'
export type { TestClientOptions } from './testing/test-client-options.js'
export { TestOAuthProvider, type TestOAuthProviderProps } from './testing/test-oauth-provider.js'
export type { TestSession } from './testing/test-session.js'
