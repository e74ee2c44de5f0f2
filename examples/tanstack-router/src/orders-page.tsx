import { getRouteApi, useLocation } from '@tanstack/react-router'

const route = getRouteApi('/signed-in/orders')

export function OrdersPage() {
  const { user } = route.useRouteContext()
  const { page } = route.useSearch()
  const { hash } = useLocation()
  return (
    <>
      <h1>Orders of {user.name}</h1>
      <p>
        Page {page}, #{hash}
      </p>
    </>
  )
}
