import { authorizationCode, createAuthorizationServer, refreshToken, userSite } from '@latchkey/server'

const origin = `http://localhost:${process.env.PORT ?? 3000}`

export const server = createAuthorizationServer({
  issuer: `${origin}/oauth`,
  clients: [{ clientId: 'app', redirectUris: [`${origin}/`], postLogoutRedirectUris: [`${origin}/`] }],
  grants: [authorizationCode(), refreshToken()],
  site: userSite({ users: [{ sub: 'ada', claims: { name: 'Ada Lovelace', email: 'ada@example.com' } }] }),
})
