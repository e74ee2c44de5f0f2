import { RequireSignIn, useUser } from '@latchkey/react'

export function OrdersPage() {
  return (
    <RequireSignIn fallback={<p>Loading …</p>}>
      <OrdersOfUser />
    </RequireSignIn>
  )
}

/** Renders in the browser only: the server has no user. */
function OrdersOfUser() {
  const user = useUser()
  const { searchParams, hash } = new URL(window.location.href)
  return (
    <>
      <h1>Orders of {user.name}</h1>
      <p>
        Page {searchParams.get('page') ?? '1'}, {hash}
      </p>
    </>
  )
}
