import { OAuthProvider } from '@latchkey/react'
import { useSyncExternalStore } from 'react'
import { OrdersPage } from './orders-page.js'
import { User } from './user.js'

/** While a page is rendered on the server, no request is made. */
const issuer = typeof window === 'undefined' ? 'http://localhost:3000/oauth' : `${window.location.origin}/oauth`

/** @param props.path of the page that the server renders */
export function App({ path: rendered }: { readonly path: string }) {
  const path = usePath(rendered)
  return (
    <OAuthProvider
      issuer={issuer}
      clientId="app"
      error={({ error, login }) => (
        <div role="alert">
          <p>{error.message}</p>
          <button onClick={() => void login()}>Try again</button>
        </div>
      )}
    >
      <nav>
        <a href="/">Home</a> <a href="/orders?page=2#row-2">Orders</a> <User />
      </nav>
      <main>{path === '/orders' ? <OrdersPage /> : <h1>Everyone can read this page</h1>}</main>
    </OAuthProvider>
  )
}

/** The response of a sign-in comes to the home page. Then the address changes to that of the page on which the sign-in started. */
function usePath(rendered: string): string {
  return useSyncExternalStore(
    (listener) => {
      window.addEventListener('popstate', listener)
      return () => window.removeEventListener('popstate', listener)
    },
    () => window.location.pathname,
    () => rendered,
  )
}
