'use client'
import { OAuthProvider } from '@latchkey/react'
import { useRouter } from 'next/navigation'
import type { ReactNode } from 'react'

/** The server of `oauth/[...path]`. While a page is rendered on the server, no request is made. */
const issuer = typeof window === 'undefined' ? 'http://localhost:3000/oauth' : `${window.location.origin}/oauth`

export function Providers({ children }: { readonly children: ReactNode }) {
  const router = useRouter()
  // The response of a sign-in comes to the home page. Next.js loads no other page when the address changes, so the app does.
  const show = (path: string | undefined): void => {
    if (path !== undefined) router.replace(path)
  }
  return (
    <OAuthProvider issuer={issuer} clientId="app" onSignedIn={show} onError={({ returnTo }) => show(returnTo)}>
      {children}
    </OAuthProvider>
  )
}
