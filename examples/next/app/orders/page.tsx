import { connection } from 'next/server'
import { Orders } from './orders'

/** A dynamic page. The server does not know the user, so the part that needs one is a client component. */
export default async function OrdersPage({ searchParams }: { readonly searchParams: Promise<{ readonly page?: string }> }) {
  await connection()
  const { page = '1' } = await searchParams
  return <Orders page={page} />
}
