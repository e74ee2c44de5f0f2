/// <reference types="vite/client" />
/// <reference types="@latchkey/vite/client" />

interface ImportMetaEnv {
  /** Created in vite.config.ts. */
  readonly SERVICE_ACCOUNT: { readonly issuer: string; readonly key: JsonWebKey }
}
