import { createFileRoute, useLocation } from '@tanstack/react-router'

export const Route = createFileRoute('/_signed-in/orders')({
  validateSearch: ({ page }: { page?: number }) => ({ page: Number(page ?? 1) }),
  component: OrdersPage,
})

function OrdersPage() {
  const { user } = Route.useRouteContext()
  const { page } = Route.useSearch()
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
