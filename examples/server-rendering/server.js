// Renders the app to a stream, and runs an authorization server for development and tests at /oauth.
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { authorizationCode, createAuthorizationServer, refreshToken, userSite } from '@latchkey/server'
import { toNodeMiddleware } from '@latchkey/server/node'
import sirv from 'sirv'
import { render } from './dist/server/entry-server.js'

const port = Number(process.env.PORT ?? 3000)
const origin = `http://localhost:${port}`
const authorizationServer = createAuthorizationServer({
  issuer: `${origin}/oauth`,
  clients: [{ clientId: 'app', redirectUris: [`${origin}/`], postLogoutRedirectUris: [`${origin}/`] }],
  grants: [authorizationCode(), refreshToken()],
  site: userSite({ users: [{ sub: 'ada', claims: { name: 'Ada Lovelace', email: 'ada@example.com' } }] }),
})
const oauth = toNodeMiddleware(authorizationServer)
const assets = sirv(new URL('./dist/assets', import.meta.url).pathname, { immutable: true })
const [head = '', tail = ''] = (await readFile(new URL('./dist/index.html', import.meta.url), 'utf8')).split('<!--app-->')

createServer((request, response) => {
  oauth(request, response, () => {
    if (!request.url.startsWith('/assets/')) return renderPage(request, response)
    request.url = request.url.slice('/assets'.length)
    assets(request, response)
  })
}).listen(port, () => console.log(origin))

function renderPage(request, response) {
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
  response.write(head)
  const stream = render(request.url)
  stream.on('end', () => response.end(tail)).on('error', () => response.destroy())
  stream.pipe(response, { end: false })
}
