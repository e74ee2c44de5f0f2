/** The issuer of the two processes, whose stores are apart from those of other issuers. */
export const RACE_ISSUER = 'http://127.0.0.1/oauth'
