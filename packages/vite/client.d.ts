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
  }
  export default settings
  /** URL of the app's client metadata document; undefined without the option `clientMetadata`. Pass it to `connectToResource`. */
  export const clientMetadataUrl: string | undefined
}

/** Starts the devtools, if the plugin has `devtools: true`; empty in a build. For apps whose server renders the page itself. */
declare module 'virtual:latchkey/devtools' {}
