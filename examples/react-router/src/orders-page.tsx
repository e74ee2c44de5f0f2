import { requireSignIn } from '@latchkey/react'
import { useLoaderData, useLocation, type LoaderFunctionArgs } from 'react-router'
import { client } from './oauth-client.js'

/** Signs in if no user is signed in, and returns to the route that is being loaded. */
export async function loadOrders(args: LoaderFunctionArgs) {
  const user = await requireSignIn(client, args)
  const page = new URL(args.request.url).searchParams.get('page') ?? '1'
  return { user, page }
}

export function OrdersPage() {
  const { user, page } = useLoaderData<typeof loadOrders>()
  const { hash } = useLocation()
  return (
    <>
      <h1>Orders of {user.name}</h1>
      <p>
        Page {page}, {hash}
      </p>
    </>
  )
}
