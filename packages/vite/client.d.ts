declare module 'virtual:latchkey' {
  /** Where the app signs in: `<OAuthProvider {...settings}>`. */
  const settings: {
    readonly issuer: string
    readonly clientId: string
    /** Space-separated. */
    readonly scope: string
    /** Where access tokens may be sent. */
    readonly resources: readonly string[]
    readonly redirectUri: string
  }
  export default settings
}
