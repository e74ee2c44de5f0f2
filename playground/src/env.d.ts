/// <reference types="vite/client" />
/// <reference types="@latchkey/vite/client" />

interface ImportMetaEnv {
  /** Created in vite.config.ts. */
  readonly SERVICE_ACCOUNT: { readonly issuer: string; readonly key: JsonWebKey }
  /** A private key for OAuth 1.0a, created in vite.config.ts. */
  readonly OAUTH1_KEY: JsonWebKey
}
