import { requireSignIn } from '@latchkey/react'
import { useLoaderData, useLocation, type LoaderFunctionArgs } from 'react-router'
import { client } from './oauth-client.js'

/** Signs in if no user is signed in, and calls the API with a token and its proof. */
export async function loadOrders(args: LoaderFunctionArgs) {
  const user = await requireSignIn(client, args)
  const page = new URL(args.request.url).searchParams.get('page') ?? '1'
  const response = await client.fetch(`/api/orders?page=${page}`)
  if (!response.ok) throw new Error(`The API responded with ${response.status}`)
  const { orders } = (await response.json()) as { readonly orders: readonly string[] }
  return { user, page, orders }
}

export function OrdersPage() {
  const { user, page, orders } = useLoaderData<typeof loadOrders>()
  const { hash } = useLocation()
  return (
    <>
      <h1>Orders of {user.name}</h1>
      <p>
        Page {page}, {hash}
      </p>
      <ul>
        {orders.map((order) => (
          <li key={order}>{order}</li>
        ))}
      </ul>
    </>
  )
}
