import { OAuthProvider } from '@latchkey/react'
import { createRootRoute, HeadContent, Link, Outlet, Scripts } from '@tanstack/react-router'
import { client } from '../oauth-client'
import { User } from '../user'

export const Route = createRootRoute({
  head: () => ({
    meta: [{ charSet: 'utf-8' }, { title: 'Orders' }, { name: 'color-scheme', content: 'light dark' }],
    links: [{ rel: 'icon', href: 'data:,' }],
  }),
  component: Root,
})

function Root() {
  return (
    <html lang="en">
      <head>
        <HeadContent />
      </head>
      <body>
        <OAuthProvider client={client}>
          <nav>
            <Link to="/">Home</Link>{' '}
            <Link to="/orders" search={{ page: 2 }} hash="row-2">
              Orders
            </Link>{' '}
            <User />
          </nav>
          <main>
            <Outlet />
          </main>
        </OAuthProvider>
        <Scripts />
      </body>
    </html>
  )
}
