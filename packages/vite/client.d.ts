declare module 'virtual:latchkey' {
  /** Where the app signs in. Pass it to the provider: `<OAuthProvider {...settings}>`. */
  const settings: {
    readonly issuer: string
    readonly clientId: string
    /** Space-separated. */
    readonly scope: string
    /** URLs that access tokens may be sent to. */
    readonly resources: readonly string[]
    readonly redirectUri: string
    /**
     * With the option `hardening`, in a page that was opened with an authorization response: the page as the client sees it. Pass it to clients
     * that are created without the other settings, and to `connectToResource` and `useResourceClient`.
     */
    readonly environment?: { readonly window: Window & typeof globalThis }
  }
  export default settings
  /** URL of the app's client metadata document; undefined without the option `clientMetadata`. Pass it to `connectToResource`. */
  export const clientMetadataUrl: string | undefined
}

/** Starts the devtools, if the plugin has `devtools: true`; empty in a build. For apps whose server renders the page itself. */
declare module 'virtual:latchkey/devtools' {}
