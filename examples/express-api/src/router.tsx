import { createBrowserRouter } from 'react-router'
import { HomePage } from './home-page.js'
import { Layout } from './layout.js'
import { loadOrders, OrdersPage } from './orders-page.js'
import { SignInFailed } from './sign-in-failed.js'

export const router = createBrowserRouter([
  {
    element: <Layout />,
    hydrateFallbackElement: <p>Loading …</p>,
    children: [
      { index: true, element: <HomePage /> },
      // The loader starts the sign-in, and gives the page its user.
      { path: 'orders', element: <OrdersPage />, loader: loadOrders, errorElement: <SignInFailed /> },
    ],
  },
])
