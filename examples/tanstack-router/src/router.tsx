import { requireSignIn } from '@latchkey/react'
import { createRootRoute, createRoute, createRouter } from '@tanstack/react-router'
import { client } from './oauth-client.js'
import { HomePage } from './home-page.js'
import { Layout } from './layout.js'
import { OrdersPage } from './orders-page.js'
import { SignInFailed } from './sign-in-failed.js'

const rootRoute = createRootRoute({ component: Layout })

const homeRoute = createRoute({ getParentRoute: () => rootRoute, path: '/', component: HomePage })

/** All routes below this one need a user. `user` is in their context, with its type. */
const signedInRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'signed-in',
  beforeLoad: async (match) => ({ user: await requireSignIn(client, match) }),
  pendingComponent: () => <p>Loading …</p>,
  errorComponent: SignInFailed,
})

const ordersRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: 'orders',
  validateSearch: ({ page }: { page?: number }) => ({ page: Number(page ?? 1) }),
  component: OrdersPage,
})

export const router = createRouter({
  routeTree: rootRoute.addChildren([homeRoute, signedInRoute.addChildren([ordersRoute])]),
  defaultPreload: 'intent',
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
