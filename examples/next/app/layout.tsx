import type { Metadata } from 'next'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { Providers } from './providers'
import { User } from './user'

export const metadata: Metadata = { title: 'Orders', icons: 'data:,' }

export default function Layout({ children }: { readonly children: ReactNode }) {
  return (
    <html lang="en">
      <body style={{ colorScheme: 'light dark' }}>
        <Providers>
          <nav>
            <Link href="/">Home</Link> <Link href="/orders?page=2#row-2">Orders</Link> <User />
          </nav>
          <main>{children}</main>
        </Providers>
      </body>
    </html>
  )
}
