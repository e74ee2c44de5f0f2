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
}
